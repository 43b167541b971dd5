using System.Security.Cryptography;
using System.Text;
using PoolProxy.Protocol.Authentication;

namespace PoolProxy.Core.Authentication.Lookups;

/// <summary>
/// What users that auth_query found have in common, so that one that it did not find goes through the same exchange: the form of their passwords, and what a
/// verifier costs. Figures only; nothing of anybody is kept. Any thread.
/// </summary>
/// <param name="mockSecret">Drawn once.</param>
internal sealed class FoundUsers(Lazy<byte[]> mockSecret)
{
    /// <summary>So that a change of scram_iterations on the server is noticed in the end.</summary>
    private const int MaxVotes = 1000;

    private readonly Lock _gate = new();

    private int _verifierCount;
    private int _otherCount;
    private int _votes;
    private volatile bool _hasPlain;
    private volatile int _iterations;

    /// <summary>Verifiers have to be worked out from passwords in clear, which takes its time.</summary>
    public bool HasPlain => _hasPlain;

    /// <summary>A lookup has found somebody.</summary>
    public void Note(FoundUser user)
    {
        if (user.Secret is not { } secret)
        {
            return;
        }

        if (ScramVerifier.TryParse(secret, out var verifier))
        {
            Interlocked.Increment(ref _verifierCount);
            Vote(verifier.Iterations);
        }
        else
        {
            Interlocked.Increment(ref _otherCount);
            _hasPlain |= !Md5Password.HasForm(Encoding.UTF8.GetBytes(secret));
        }
    }

    /// <summary>
    /// Whether a name without a usable password has a verifier: as often as those that were found, and by the name, so that it is the same each time. In quarters, for what was
    /// found changes; verifiers until somebody is found, because PostgreSQL makes no other.
    /// </summary>
    public bool PretendsVerifier(string user)
    {
        var (verifiers, others) = (Volatile.Read(ref _verifierCount), Volatile.Read(ref _otherCount));
        var quarters = others == 0 ? 4 : (int)Math.Round(4.0 * verifiers / ((double)verifiers + others));
        return quarters == 4 || HMACSHA256.HashData(mockSecret.Value, Encoding.UTF8.GetBytes("method " + user))[0] < 64 * quarters;
    }

    /// <summary>A verifier that nothing matches, of the shape that real ones have: scram_iterations until one is found.</summary>
    public ScramVerifier Mock(string user, int scramIterations) =>
        ScramVerifier.Mock(mockSecret.Value, Encoding.UTF8.GetBytes(user), _iterations > 0 ? _iterations : scramIterations);

    /// <summary>What most have is what counts (Boyer and Moore's vote), for each user chooses its own and must not choose for everybody.</summary>
    private void Vote(int iterations)
    {
        lock (_gate)
        {
            if (_iterations == iterations)
            {
                _votes = Math.Min(_votes + 1, MaxVotes);
            }
            else if (_votes == 0)
            {
                (_iterations, _votes) = (iterations, 1);
            }
            else
            {
                _votes--;
            }
        }
    }
}
