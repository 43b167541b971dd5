using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Protocol.Messages.Backend;

/// <summary>
/// NegotiateProtocolVersion (B): the newest version spoken here, and the <c>_pq_.</c> options not known here.
/// Source: protocol-message-formats.html; the version is the whole number with its major part, as PostgreSQL sends it.
/// </summary>
public readonly ref struct NegotiateProtocolVersion
{
    private readonly ReadOnlySpan<byte> _options;

    private NegotiateProtocolVersion(int version, int optionCount, ReadOnlySpan<byte> options)
    {
        Version = version;
        OptionCount = optionCount;
        _options = options;
    }

    /// <summary>The version that the server will speak; see <see cref="ProtocolVersion"/>.</summary>
    public int Version { get; }

    /// <summary>How many options the server does not know.</summary>
    public int OptionCount { get; }

    /// <summary>Whether an option is among those that the server does not know.</summary>
    public bool Refuses(ReadOnlySpan<byte> option)
    {
        var reader = new BodyReader(_options);
        while (reader.TryReadCString(out ReadOnlySpan<byte> name))
        {
            if (name.SequenceEqual(option)) return true;
        }

        return false;
    }

    /// <summary>Reads a message; false when the count is negative or not that of the names behind it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out NegotiateProtocolVersion message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (!reader.TryReadInt32(out int version) || !reader.TryReadInt32(out int count)) return false;

        // Each name has at least its terminator, so the body bounds the count before it is walked.
        ReadOnlySpan<byte> options = reader.Rest;
        if (count < 0 || count > options.Length) return false;
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryReadCString(out _)) return false;
        }

        if (!reader.IsAtEnd) return false;
        message = new NegotiateProtocolVersion(version, count, options);
        return true;
    }

    /// <summary>Writes the answer to a startup that read as <see cref="StartupResult.Negotiate"/>: its agreed version, and all its options, since none is known here.</summary>
    public static void Write(MessageWriter writer, scoped in StartupMessage startup)
    {
        int count = 0;
        foreach (StartupParameter parameter in startup.Parameters)
        {
            if (StartupParameters.IsProtocolOption(parameter.Name)) count++;
        }

        writer.Begin(BackendType.NegotiateProtocolVersion);
        writer.WriteInt32(startup.AgreedVersion);
        writer.WriteInt32(count);
        foreach (StartupParameter parameter in startup.Parameters)
        {
            if (StartupParameters.IsProtocolOption(parameter.Name)) writer.WriteCString(parameter.Name);
        }

        writer.End();
    }
}
