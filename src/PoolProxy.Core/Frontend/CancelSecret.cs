using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PoolProxy.Core.Frontend;

/// <summary>The secret half of a client's cancel key. The short one, which nearly every client has, needs no array. Default: none, which nothing matches.</summary>
internal readonly struct CancelSecret
{
    /// <summary>Of protocol 3.0.</summary>
    public const int ShortBytes = 4;

    /// <summary>From protocol 3.2 on.</summary>
    public const int LongBytes = 32;

    private readonly byte[]? _long;
    private readonly uint _short;
    private readonly bool _isIssued;

    public CancelSecret(ReadOnlySpan<byte> bytes)
    {
        _isIssued = true;
        if (bytes.Length == ShortBytes)
        {
            _short = MemoryMarshal.Read<uint>(bytes);
        }
        else
        {
            _long = bytes.ToArray();
        }
    }

    public int LengthBytes => !_isIssued ? 0 : _long?.Length ?? ShortBytes;

    /// <summary>Writes it; <paramref name="destination"/> has <see cref="LengthBytes"/>.</summary>
    public void CopyTo(Span<byte> destination)
    {
        if (_long is not null)
        {
            _long.CopyTo(destination);
        }
        else if (_isIssued)
        {
            MemoryMarshal.Write(destination, _short);
        }
    }

    /// <summary>Compares in a time that depends on the length alone.</summary>
    public bool Matches(ReadOnlySpan<byte> claimed)
    {
        if (_long is not null || !_isIssued)
        {
            return _isIssued && CryptographicOperations.FixedTimeEquals(_long, claimed);
        }

        Span<byte> own = stackalloc byte[ShortBytes];
        MemoryMarshal.Write(own, _short);
        return CryptographicOperations.FixedTimeEquals(own, claimed);
    }
}
