using System.Security.Cryptography;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// An opaque token of a session that is in: its issuer is asked about it again and again, for which its text has to be kept. It prints as nothing, is part of no record
/// that is shown, and is wiped when the session ends.
/// </summary>
/// <param name="text">The token's own copy.</param>
/// <param name="interval">The time between two questions.</param>
internal sealed class AskedToken(byte[] text, TimeSpan interval)
{
    private static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>The text. Whoever asks takes a copy on the session's loop.</summary>
    public ReadOnlyMemory<byte> Text => text;

    /// <summary>Half a second at least.</summary>
    public TimeSpan Interval { get; } = interval < LeastInterval ? LeastInterval : interval;

    /// <summary>When it is next asked about, on the loop's clock; the loop's.</summary>
    public long DueMilliseconds { get; set; }

    /// <summary>The session is over.</summary>
    public void Wipe() => CryptographicOperations.ZeroMemory(text);
}
