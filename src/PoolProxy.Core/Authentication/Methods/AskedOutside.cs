using System.Security.Cryptography;
using System.Text;
using PoolProxy.Core.Authentication.Outside;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// What ldap and pam have in common: the password comes in clear text, as by plain, and somebody else is asked about it on a thread of its own. Whom that one proves is let in, in
/// auth_file or not; as in PgBouncer.
/// </summary>
/// <param name="users">Who is let in.</param>
/// <param name="calls">The threads.</param>
internal abstract class AskedOutside(UserDirectory users, BlockingCalls calls) : ILoginMethod
{
    /// <summary>As PgBouncer's MAX_PASSWORD, and what is behind it.</summary>
    private const int MaxPasswordBytes = 4096;

    public abstract string Name { get; }

    public bool AsksUsers => false;

    /// <summary>
    /// Asks the client for its password and <see cref="Check"/> about it. A client that leaves while it waits for its turn is not asked about; what is
    /// answered about one that leaves later counts. An empty password is refused unasked:
    /// a directory would take it for no login at all, and let it pass. Where servers are logged in to as the client, the proven password serves there, as with PgBouncer.
    /// </summary>
    public async ValueTask<LoginResult> RunAsync(LoginExchange exchange)
    {
        var host = exchange.Channel.Connection.RemoteEndPoint?.Address.ToString() ?? "unix";
        exchange.Send(AuthenticationCleartextPassword.Write);
        var password = (await exchange.ReadPasswordAsync(MaxPasswordBytes)).ToArray();
        if (password.Length == 0)
        {
            return LoginResult.Refused(exchange.Refusal, "empty_password");
        }

        if (exchange.Channel.End is { } end)
        {
            CryptographicOperations.ZeroMemory(password);
            throw new ConnectionEndedException(end);
        }

        // The thread wipes it: it may be the last that is left to.
        var asked = calls.TryRun(() =>
        {
            try
            {
                var answer = Check(exchange.User, host, password);
                return (Answer: answer, Proof: answer.IsProven ? ServerProof.Of(Encoding.UTF8.GetString(password)) : null);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(password);
            }
        });
        if (asked is null)
        {
            CryptographicOperations.ZeroMemory(password);
            return LoginResult.Refused(exchange.Refusal, $"{Name}_busy") with { IsNoFailure = true };
        }

        exchange.Abandon = () => calls.Abandon(asked);
        exchange.IsAskedOutside = true;
        OutsideAnswer answer;
        ServerProof? proof;
        try
        {
            (answer, proof) = await asked;
        }
        catch (OperationCanceledException)
        {
            // It had not begun: nothing was tried, and there is nothing to count.
            CryptographicOperations.ZeroMemory(password);
            throw new ConnectionEndedException(exchange.Channel.End ?? new ConnectionEnd(ConnectionEndKind.ClosedHere));
        }
        finally
        {
            exchange.Abandon = null;
        }

        if (answer.Problem is { } problem)
        {
            Report(problem);
        }

        return answer.IsProven
            ? UserLogin.Granted(users, exchange, proof)
            : LoginResult.Refused(exchange.Refusal, answer.Reason) with { IsNoFailure = answer.IsUnavailable };
    }

    /// <summary>Whether the password is the user's. On one of the threads that may block.</summary>
    /// <param name="user">As the client calls itself.</param>
    /// <param name="host">Its address, or <c>unix</c>.</param>
    /// <param name="password">Not empty; wiped behind the call.</param>
    protected abstract OutsideAnswer Check(string user, string host, ReadOnlySpan<byte> password);

    /// <summary>Tells the operator what is wrong with whom was asked.</summary>
    protected abstract void Report(string problem);
}
