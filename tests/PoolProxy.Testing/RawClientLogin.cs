using System.Security.Cryptography;
using System.Text;
using PoolProxy.Testing.Wire;

namespace PoolProxy.Testing;

/// <summary>A raw client's login: the one place where it answers by itself.</summary>
public static class RawClientLogin
{
    /// <summary>
    /// Logs in up to the first ReadyForQuery, answering cleartext, MD5 and SCRAM-SHA-256 with the password. Never throws for a refusal: the result holds it.
    /// </summary>
    public static async Task<RawLogin> TryLoginAsync(this RawClient client, string user, string database, string? password = null, params IEnumerable<(string Name, string Value)> parameters)
    {
        await client.StartupAsync(user, database, parameters);
        return await client.AnswerLoginAsync(user, password);
    }

    /// <summary>As <see cref="TryLoginAsync"/>, where a refusal is a failure of the test.</summary>
    /// <exception cref="InvalidOperationException">The login was refused; the message is the ErrorResponse.</exception>
    public static async Task<RawClient> LoginAsync(this RawClient client, string user, string database, string? password = null, params IEnumerable<(string Name, string Value)> parameters)
    {
        RawLogin login = await client.TryLoginAsync(user, database, password, parameters);
        return login.Error is { } error ? throw new InvalidOperationException($"login refused: {error}") : client;
    }

    /// <summary>Reads and answers from behind the StartupMessage up to ReadyForQuery or ErrorResponse.</summary>
    public static async Task<RawLogin> AnswerLoginAsync(this RawClient client, string user, string? password)
    {
        var messages = new List<WireMessage>();
        string scramFirst = "";
        string scramServerFinal = "";
        while (true)
        {
            WireMessage message = await client.ReadAsync();
            messages.Add(message);
            switch (message.Name)
            {
                case "ReadyForQuery" or "ErrorResponse":
                    return new RawLogin(messages);
                case "AuthenticationCleartextPassword":
                    await client.Password(Need(password)).SendAsync();
                    break;
                case "AuthenticationMD5Password":
                    await client.Password(PasswordAnswers.Md5(user, Need(password), message.Body[sizeof(int)..])).SendAsync();
                    break;
                case "AuthenticationSASL":
                    scramFirst = "n=,r=" + Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
                    await client.Put($"SASLInitialResponse \"SCRAM-SHA-256\" \"n,,{scramFirst}\"").SendAsync();
                    break;
                case "AuthenticationSASLContinue":
                    string serverFirst = Encoding.ASCII.GetString(message.Body[sizeof(int)..]);
                    (string final, scramServerFinal) = PasswordAnswers.Scram(Need(password), scramFirst, serverFirst);
                    await client.Put($"SASLResponse \"{final}\"").SendAsync();
                    break;
                case "AuthenticationSASLFinal":
                    string serverFinal = Encoding.ASCII.GetString(message.Body[sizeof(int)..]);
                    if (serverFinal != scramServerFinal)
                    {
                        throw new InvalidDataException("the server's SCRAM signature is wrong");
                    }
                    break;
                default:
                    break;
            }
        }
    }

    private static string Need(string? password) => password ?? throw new InvalidOperationException("the server asks for a password, and the test gave none");
}
