using System.Buffers;

namespace PoolProxy.Core.Audit;

/// <summary>A record on its way to the writer: its JSON from the opening brace on, without the closing one, so that the chain's fields can follow.</summary>
/// <param name="Bytes">Begins with the JSON.</param>
/// <param name="Length">Bytes of it.</param>
/// <param name="IsRented">The array goes back to the shared pool once the record is written.</param>
internal readonly record struct AuditEntry(byte[] Bytes, int Length, bool IsRented)
{
    /// <summary>Of a whole line as <see cref="AuditLine"/> makes it.</summary>
    public static AuditEntry Of(byte[] line) => new(line, line.Length - "}\n".Length, IsRented: false);

    /// <summary>The JSON.</summary>
    public ReadOnlySpan<byte> Json => Bytes.AsSpan(0, Length);

    /// <summary>The record is written, or lost.</summary>
    public void Release()
    {
        if (IsRented)
            ArrayPool<byte>.Shared.Return(Bytes);
    }
}
