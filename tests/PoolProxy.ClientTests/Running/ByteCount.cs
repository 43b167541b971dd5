namespace PoolProxy.ClientTests.Running;

/// <summary>Reads a stream to its end and keeps nothing but the count.</summary>
internal sealed class ByteCount
{
    /// <summary>Bytes read.</summary>
    public long LengthBytes { get; private set; }

    /// <summary>Line feeds among them.</summary>
    public long Lines { get; private set; }

    /// <summary>Reads to the end.</summary>
    public async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[65536];
        int length;
        while ((length = await stream.ReadAsync(buffer)) > 0)
        {
            LengthBytes += length;
            Lines += buffer.AsSpan(0, length).Count((byte)'\n');
        }
    }
}
