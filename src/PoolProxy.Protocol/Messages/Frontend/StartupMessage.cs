using System.Globalization;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Protocol.Messages.Frontend;

/// <summary>
/// StartupMessage (F): protocol version, then names and values up to an empty name. Protocols 3.0 and 3.2.
/// Source: protocol-flow.html#PROTOCOL-FLOW-START-UP; what is refused and how as in PostgreSQL's <c>ProcessStartupPacket</c>.
/// </summary>
public readonly ref struct StartupMessage
{
    private StartupMessage(int version, StartupParameters parameters)
    {
        Version = version;
        Parameters = parameters;
    }

    /// <summary>The version as asked for; see <see cref="ProtocolVersion"/>.</summary>
    public int Version { get; }

    /// <summary>The version that will be spoken: the one asked for, or <see cref="ProtocolVersion.Newest"/> where that is older.</summary>
    public int AgreedVersion => Math.Min(Version, ProtocolVersion.Newest);

    /// <summary>Names and values in the client's order, <c>_pq_.</c> options among them.</summary>
    public StartupParameters Parameters { get; }

    /// <summary>Reads a message and decides what must be said about its version.</summary>
    /// <param name="body">The packet behind its length field, at most <see cref="StartupPacket.MaxBodyLengthBytes"/>.</param>
    /// <param name="message">
    /// The message, with all parameters, for <see cref="StartupResult.Accepted"/> and <see cref="StartupResult.Negotiate"/>;
    /// with the version alone for <see cref="StartupResult.UnsupportedVersion"/>; else empty.
    /// </param>
    public static StartupResult TryRead(ReadOnlySpan<byte> body, out StartupMessage message)
    {
        message = default;
        var reader = new BodyReader(body);
        if (body.Length > StartupPacket.MaxBodyLengthBytes || !reader.TryReadInt32(out int version)) return StartupResult.InvalidLength;

        // The version comes first: the layout behind a major version we do not know is not ours to judge.
        if (ProtocolVersion.Major(version) != ProtocolVersion.Major(ProtocolVersion.Newest))
        {
            message = new StartupMessage(version, default);
            return StartupResult.UnsupportedVersion;
        }

        ReadOnlySpan<byte> names = reader.Rest;
        bool asksOptions = false;
        while (true)
        {
            if (!reader.TryReadCString(out ReadOnlySpan<byte> name)) return StartupResult.InvalidLayout;
            if (name.IsEmpty) break;
            if (!reader.TryReadCString(out _)) return StartupResult.InvalidLayout;
            asksOptions |= StartupParameters.IsProtocolOption(name);
        }

        if (!reader.IsAtEnd) return StartupResult.InvalidLayout;

        message = new StartupMessage(version, new StartupParameters(names));
        if (!message.Parameters.TryGet("user"u8, out ReadOnlySpan<byte> user) || user.IsEmpty)
        {
            message = default;
            return StartupResult.NoUser;
        }

        return asksOptions || version > ProtocolVersion.Newest ? StartupResult.Negotiate : StartupResult.Accepted;
    }

    /// <summary>PostgreSQL's text for a major version that is not served (0A000).</summary>
    public static string UnsupportedVersionText(int version) => string.Create(
        CultureInfo.InvariantCulture,
        $"unsupported frontend protocol {ProtocolVersion.Major(version)}.{ProtocolVersion.Minor(version)}: server supports 3.0 to 3.{ProtocolVersion.Minor(ProtocolVersion.Newest)}");

    /// <summary>Starts a message; names and values follow by <see cref="WriteParameter(MessageWriter, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>, then <see cref="End"/>.</summary>
    public static void Begin(MessageWriter writer, int version)
    {
        writer.BeginUntyped();
        writer.WriteInt32(version);
    }

    /// <summary>Writes one parameter.</summary>
    /// <exception cref="ArgumentException">The name is empty, which would end the list, or one of them holds a NUL.</exception>
    public static void WriteParameter(MessageWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.IsEmpty) throw new ArgumentException("a startup parameter without a name", nameof(name));
        writer.WriteCString(name);
        writer.WriteCString(value);
    }

    /// <summary>Writes the empty name that ends the list, and the length.</summary>
    public static void End(MessageWriter writer)
    {
        writer.WriteByte(0);
        writer.End();
    }
}
