using System.Text;

namespace PoolProxy.Core.Backend.Parameters;

/// <summary>
/// The names that are tracked, interned. A name enters when a server reports it or a client's allowed startup packet names it; what
/// belongs to the session itself is never tracked, so never restored on another server (isolation.md §4). Shared by all loops: names are only
/// ever added, so reading takes no lock.
/// </summary>
internal sealed class ParameterNames
{
    /// <summary>
    /// More names than PostgreSQL reports, the allow-list holds and clients set of their own: a bound against hostile servers and clients. What does
    /// not find room is not tracked; where settings are tracked, such a one keeps its server with the client.
    /// </summary>
    public const int Capacity = 256;

    private static readonly HashSet<string> NeverRestored = new(StringComparer.OrdinalIgnoreCase)
    {
        "is_superuser", "session_authorization", "in_hot_standby", "integer_datetimes", "scram_iterations", "server_version", "server_encoding",
    };

    private readonly Lock _gate = new();
    private volatile ParameterName[] _names = [];

    public int Count => _names.Length;

    public ParameterName this[int index] => _names[index];

    /// <summary>The tracked name, made if new; null for one that is never restored, or beyond <see cref="Capacity"/>.</summary>
    public ParameterName? Find(ReadOnlySpan<byte> name) =>
        FindKnown(name) ?? (IsReportedOnly(name) ? null : Add(Encoding.UTF8.GetString(name)));

    /// <summary>The tracked name, if there is one already.</summary>
    public ParameterName? FindKnown(ReadOnlySpan<byte> name)
    {
        foreach (var known in _names)
        {
            if (Ascii.EqualsIgnoreCase(known.Utf8, name))
            {
                return known;
            }
        }

        return null;
    }

    public ParameterName? Find(string name) => Find(Encoding.UTF8.GetBytes(name));

    /// <summary>Facts about the session that clients are told and that no one can set: passed on, never restored.</summary>
    public static bool IsReportedOnly(ReadOnlySpan<byte> name) =>
        name.Length is 0 or > 63 || name.StartsWith("server_"u8) || NeverRestored.Contains(Encoding.UTF8.GetString(name));

    private ParameterName? Add(string name)
    {
        lock (_gate)
        {
            foreach (var known in _names)
            {
                if (known.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return known;
                }
            }

            if (_names.Length >= Capacity)
            {
                return null;
            }

            var added = new ParameterName(name, _names.Length);
            _names = [.. _names, added];
            return added;
        }
    }
}
