using System.Security.Cryptography;
using System.Text;
using PoolProxy.Core.Authentication.Outside;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Messages.Backend;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>What ldap and pam have in common: the password comes in clear text, as by plain, and somebody else is asked about it on a thread of its own.</summary>
internal static class AskedOutside
{
    /// <summary>As PgBouncer's MAX_PASSWORD, and what is behind it.</summary>
    private const int MaxPasswordBytes = 4096;

    /// <summary>
    /// Asks the client for its password and <paramref name="check"/> about it. A client that leaves while it waits for its turn is not asked about; what is
    /// answered about one that leaves later counts. An empty password is refused unasked:
    /// a directory would take it for no login at all, and let it pass. Where servers are logged in to as the client, the proven password serves there, as with PgBouncer.
    /// </summary>
    public static async ValueTask<LoginResult> RunAsync(
        LoginExchange exchange, UserDirectory users, BlockingCalls calls, string busyReason, Func<byte[], OutsideAnswer> check, Action<string> report)
    {
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
                var answer = check(password);
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
            return LoginResult.Refused(exchange.Refusal, busyReason) with { IsNoFailure = true };
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
            report(problem);
        }

        return answer.IsProven
            ? UserLogin.Granted(users, exchange, proof)
            : LoginResult.Refused(exchange.Refusal, answer.Reason) with { IsNoFailure = answer.IsUnavailable };
    }
}
