using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// Looks at a request that waits, as far as it is here. What it calls independent, <see cref="RequestMessages"/> must then be able to handle to its end
/// without an answer in between, a refusal or a fault; so it is a closed list of forms, and anything else is no independent request.
/// </summary>
internal static class RequestShapes
{
    /// <summary>A longer request is not looked at to its end.</summary>
    private const int MaxBytes = 16 * 1024;

    /// <summary>A name of ours in place of the client's makes a Bind longer by no more than this.</summary>
    private const int MaxAddedBytes = 64;

    /// <summary>Looks at bytes that begin with a client's message.</summary>
    public static RequestShape Read(ReadOnlySpan<byte> bytes, RelayClient client)
    {
        // So none of its messages is too long by itself.
        if (client.Settings.MaxPacketSize < MaxBytes + MaxAddedBytes)
        {
            return default;
        }

        if (Next(ref bytes, out var type, out var body) && body.Length <= MaxBytes)
        {
            switch (type)
            {
                case FrontendType.Query when body.Length > 0 && body[^1] == 0:
                    return OfText(body[..^1], client);
                case FrontendType.Parse when body.Length > 0 && body[0] == 0 && body.Length <= client.Settings.MaxStatementBytes:
                    return OfParse(body[1..], bytes, client);
                case FrontendType.Bind or FrontendType.Describe:
                    return OfNamed(type, body, bytes, client);
                default:
                    break;
            }
        }

        return default;
    }

    private static bool Next(ref ReadOnlySpan<byte> bytes, out byte type, out ReadOnlySpan<byte> body)
    {
        body = default;
        if (Frame.TryReadHeader(bytes, out type, out var total) != FrameStatus.Complete || total > bytes.Length)
        {
            return false;
        }

        body = bytes[Frame.HeaderLength..(int)total];
        bytes = bytes[(int)total..];
        return true;
    }

    private static RequestShape OfText(ReadOnlySpan<byte> text, RelayClient client)
    {
        if (text.Length > client.Settings.MaxStatementBytes)
        {
            return default;
        }

        var scanner = new StatementScanner(client.StandardConformingStrings);
        scanner.Feed(text);
        var traits = scanner.Finish();
        return IndependentStatement.Allows(scanner.FirstKind, traits)
            ? new RequestShape(true, TextFingerprint.Of(text, client.Shared.Runs.Seed))
            : default;
    }

    /// <summary>An unnamed Parse, and what follows.</summary>
    private static RequestShape OfParse(ReadOnlySpan<byte> definition, ReadOnlySpan<byte> rest, RelayClient client)
    {
        var textLength = definition.IndexOf((byte)0);
        if (textLength < 0 || definition.Length < textLength + 3)
        {
            return default;
        }

        return Ends(default, rest, isBound: false) && OfText(definition[..textLength], client) is { IsIndependent: true } shape ? shape : default;
    }

    /// <summary>A Bind or Describe of a named statement, and what follows.</summary>
    private static RequestShape OfNamed(byte type, ReadOnlySpan<byte> body, ReadOnlySpan<byte> rest, RelayClient client)
    {
        var isBound = type == FrontendType.Bind;
        if (!client.Settings.TracksStatements || !(isBound ? TryReadBind(body, out var name) : TryReadDescribe(body, out name)) || name.IsEmpty
            || !client.Statements.Names.TryFind(name, out var statement) || !statement.IsIndependent || !Ends(name, rest, isBound))
        {
            return default;
        }

        return new RequestShape(true, statement.Hash, statement);
    }

    /// <summary>
    /// Whether the rest is what runs one statement of this name, and ends it: a Bind (unless it came before), an Execute, a Sync; Describe anywhere between.
    /// </summary>
    private static bool Ends(ReadOnlySpan<byte> name, ReadOnlySpan<byte> bytes, bool isBound)
    {
        var length = bytes.Length;
        var isExecuted = false;
        while (Next(ref bytes, out var type, out var body) && length - bytes.Length <= MaxBytes)
        {
            switch (type)
            {
                case FrontendType.Bind when !isBound && TryReadBind(body, out var bound) && bound.SequenceEqual(name):
                    isBound = true;
                    break;
                case FrontendType.Describe when isBound && IsDescribe(body, 'P'):
                    break;
                case FrontendType.Describe when TryReadDescribe(body, out var described) && described.SequenceEqual(name):
                    break;
                case FrontendType.Execute when isBound && !isExecuted && IsShort(body):
                    isExecuted = true;
                    break;
                case FrontendType.Sync:
                    return isExecuted && IsShort(body);
                default:
                    return false;
            }
        }

        return false;
    }

    private static bool TryReadBind(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> name)
    {
        name = default;
        var portalEnd = body.IndexOf((byte)0);
        var length = portalEnd < 0 ? -1 : body[(portalEnd + 1)..].IndexOf((byte)0);
        if (length < 0)
        {
            return false;
        }

        name = body.Slice(portalEnd + 1, length);
        return true;
    }

    private static bool TryReadDescribe(ReadOnlySpan<byte> body, out ReadOnlySpan<byte> name)
    {
        name = default;
        if (!IsDescribe(body, 'S'))
        {
            return false;
        }

        name = body[1..^1];
        return true;
    }

    private static bool IsDescribe(ReadOnlySpan<byte> body, char what) => body.Length >= 2 && IsShort(body) && body[0] == what && body[^1] == 0;

    private static bool IsShort(ReadOnlySpan<byte> body) => body.Length <= RequestMessages.ShortBytes - Frame.HeaderLength;
}
