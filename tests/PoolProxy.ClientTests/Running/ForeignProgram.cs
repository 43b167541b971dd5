using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using PoolProxy.Sandbox;

namespace PoolProxy.ClientTests.Running;

/// <summary>
/// A program that is not ours, with the variables it needs and none that would steer it from outside. It runs until it ends or its
/// deadline passes; then it is killed with its children, and the test fails with all that it had printed.
/// </summary>
internal sealed class ForeignProgram
{
    private readonly ProcessStartInfo _start;
    private readonly string _needs;

    /// <param name="program">A name in PATH, or a full path.</param>
    /// <param name="arguments">Its arguments; no shell reads them.</param>
    /// <param name="needs">What to install where it is missing.</param>
    public ForeignProgram(string program, IEnumerable<string> arguments, string needs)
    {
        _needs = needs;
        _start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        SandboxEnvironment.ApplyTo(_start);
    }

    /// <summary>The longest that one may run; generous, since everything runs at once on two cores.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What it reads from standard input; nothing by default.</summary>
    public string Input { get; init; } = "";

    /// <summary>Takes standard output instead of <see cref="ProgramRun.Output"/>.</summary>
    public Func<Stream, Task>? OutputReader { get; init; }

    /// <summary>Runs beside the program, from its start on, with its process id.</summary>
    public Func<int, Task>? Meanwhile { get; init; }

    /// <summary>Sets a variable for this program.</summary>
    public ForeignProgram With(string variable, string value)
    {
        _start.Environment[variable] = value;
        return this;
    }

    /// <summary>Runs it to its end.</summary>
    public async Task<ProgramRun> RunAsync()
    {
        using var process = new Process { StartInfo = _start };
        Start(process);
        // Read as it comes, so that a program that hangs still shows how far it was.
        var output = new StringBuilder();
        var errors = new StringBuilder();
        Task[] streams =
        [
            OutputReader is null ? CollectAsync(process.StandardOutput, output) : OutputReader(process.StandardOutput.BaseStream),
            CollectAsync(process.StandardError, errors),
            WriteAsync(process.StandardInput),
            Meanwhile?.Invoke(process.Id) ?? Task.CompletedTask,
        ];
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await Task.WhenAll([.. streams, process.WaitForExitAsync(deadline.Token)]).WaitAsync(deadline.Token);
        }
        catch (Exception error)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
            string reason = error is OperationCanceledException ? $"did not end within {Deadline.TotalSeconds} s" : error.ToString();
            throw new ForeignProgramException($"{_start.FileName} {string.Join(' ', _start.ArgumentList)}: {reason}\n{Result()}", error);
        }
        return Result();

        ProgramRun Result() => new(process.ExitCode, Text(output), Text(errors));
    }

    /// <summary>Runs it to its end, which has to be a good one.</summary>
    public async Task<ProgramRun> RunWellAsync()
    {
        ProgramRun run = await RunAsync();
        return run.Status == 0 ? run : throw new ForeignProgramException($"{_start.FileName} {string.Join(' ', _start.ArgumentList)} (needs {_needs}): {run}");
    }

    private void Start(Process process)
    {
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            throw new ForeignProgramException($"{_start.FileName} could not be started ({error.Message}): install {_needs}", error);
        }
    }

    private async Task WriteAsync(StreamWriter input)
    {
        try
        {
            await input.WriteAsync(Input);
            input.Close();
        }
        catch (IOException)
        {
            // It ended without reading everything; its status says whether that was right.
        }
    }

    private static async Task CollectAsync(StreamReader reader, StringBuilder text)
    {
        var buffer = new char[4096];
        int length;
        while ((length = await reader.ReadAsync(buffer)) > 0)
        {
            lock (text)
            {
                text.Append(buffer, 0, length);
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
