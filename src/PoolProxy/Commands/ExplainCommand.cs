using PoolProxy.Core;

namespace PoolProxy.Commands;

/// <summary>
/// <c>poolproxy explain FILE --token - --database D</c>: says why a token is accepted, refused, or mapped as it is.
/// </summary>
internal static class ExplainCommand
{
    /// <summary>Of standard input no more is read: no issuer's tokens may be longer.</summary>
    private const int MaxTokenCharacters = 64 * 1024;

    /// <summary>Prints to <paramref name="output"/>; answers the exit code, whose 2 is the command's own.</summary>
    /// <param name="question">What is asked; a token of <c>-</c> comes by <paramref name="input"/>.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="output">Gets the account.</param>
    /// <param name="error">Gets why there is none.</param>
    public static async Task<int> RunAsync(TokenQuestion question, TextReader input, TextWriter output, TextWriter error)
    {
        if (!File.Exists(question.File))
        {
            await error.WriteLineAsync($"poolproxy: no such file: {question.File}");
            return ExitCode.ExplainTrouble;
        }

        if (question.Token == "-")
        {
            var buffer = new char[MaxTokenCharacters];
            var length = await input.ReadBlockAsync(buffer);
            question = question.About(new string(buffer, 0, length).Trim());
        }

        return await TokenAccount.RunAsync(question, output, error) switch
        {
            true => ExitCode.Ok,
            false => ExitCode.Fault,
            null => ExitCode.ExplainTrouble,
        };
    }
}
