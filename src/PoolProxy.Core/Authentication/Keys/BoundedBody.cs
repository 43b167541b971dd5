namespace PoolProxy.Core.Authentication.Keys;

/// <summary>Reads a document of which only the bound on its length is trusted.</summary>
internal static class BoundedBody
{
    /// <summary>The bytes of <paramref name="stream"/>; null as soon as there are more than <paramref name="maxBytes"/>.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellation)
    {
        // One byte more than allowed tells "exactly as long as allowed" from "longer".
        byte[] buffer = new byte[maxBytes + 1];
        int length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        if (length > maxBytes)
        {
            // Not in one conditional expression: its null would become an empty Memory.
            return null;
        }

        return buffer.AsMemory(0, length);
    }
}
