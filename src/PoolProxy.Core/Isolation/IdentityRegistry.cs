using System.Security.Cryptography;
using System.Text;
using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Isolation;

/// <summary>
/// The live identities, interned. One that no client is any more is forgotten; a server that was dressed for it keeps the object, and a
/// newcomer with the same key is then a new identity: one prelude too many, never one too few. Shared by all loops: an identity
/// is the same object on each.
/// </summary>
internal sealed class IdentityRegistry
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Issuer, string Subject, string Role, string Results, string Claims, string Tag), ClientIdentity> _live = [];

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _live.Count;
            }
        }
    }

    /// <summary>The identities of this moment, and how many clients each has.</summary>
    public IReadOnlyList<(ClientIdentity Identity, int Clients)> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _live.Values.Select(identity => (identity, identity.ClientCount))];
            }
        }
    }

    /// <summary>The identity of one more client (<paramref name="isReadOnly"/> is one of its <paramref name="results"/>); give it back with <see cref="Release"/> when that client has left.</summary>
    public ClientIdentity Acquire(string issuer, string subject, string role, string results, string claims, ApplicationNameIdentity naming, bool isReadOnly = false)
    {
        var tag = ApplicationNameTag(issuer, subject, naming);
        var key = (issuer, subject, role, results, claims, tag);
        lock (_gate)
        {
            if (!_live.TryGetValue(key, out var identity))
            {
                _live.Add(key, identity = new ClientIdentity(issuer, subject, role, results, claims, tag, isReadOnly));
            }

            identity.ClientCount++;
            return identity;
        }
    }

    public void Release(ClientIdentity identity)
    {
        lock (_gate)
        {
            if (--identity.ClientCount == 0)
            {
                _live.Remove((identity.Issuer, identity.Subject, identity.Role, identity.Results, identity.Claims, identity.ApplicationNameTag));
            }
        }
    }

    private static string ApplicationNameTag(string issuer, string subject, ApplicationNameIdentity naming) => naming switch
    {
        ApplicationNameIdentity.Subject => $"[{Encoding.ASCII.GetString(ApplicationName.ToAscii(subject, ApplicationName.MaxTagBytes - 2))}]",
        ApplicationNameIdentity.Hash => $"[#{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(issuer + "\n" + subject)).AsSpan(0, 8))}]",
        _ => "",
    };
}
