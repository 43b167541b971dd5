using System.Diagnostics.CodeAnalysis;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Sql;

namespace PoolProxy.Core.Relay;

/// <summary>
/// <c>SET poolproxy.token = '…'</c>: a client shows a fresh token in the midst of its session, as a Query or by Parse:
/// 1. the token is taken out of the text, which holds an empty literal from then on: nothing that sees the message later, audit and server among it, sees the token;
/// 2. it is judged elsewhere, while the message and what the client sends behind it wait; whatever was sent before is answered meanwhile;
/// 3. refused: something that fails goes to the server in its place, as for every refusal. Taken: the text without the token goes to the server, so that
///    the place in the order, in a transaction and in a batch that has failed are PostgreSQL's own. A Query of a client without a server is answered here.
/// </summary>
internal sealed class TokenRenewal(RelayClient client)
{
    private int _ticket;
    private bool _isUnderWay;
    private bool _isDecided;
    private ProxyError? _error;

    /// <summary>A token is being judged; the message at hand waits, and needs no server for that.</summary>
    public bool IsUnderWay => _isUnderWay;

    /// <summary>
    /// The next message of a client, whole. Pass for what is none of this, and for a renewal that is decided and goes its way; Blocked while it is not;
    /// Done where it was answered.
    /// </summary>
    public RequestFate Look(in RequestBytes input, int offset, byte type, int length)
    {
        if (_isUnderWay)
        {
            return RequestFate.Blocked;
        }

        if (_isDecided)
        {
            return type == FrontendType.Query && !client.IsLinked && client.IsUnharmed && !client.Node.IsQueued ? AnswerHere() : RequestFate.Pass;
        }

        var body = input.Span.Slice(offset + Frame.HeaderLength, length - Frame.HeaderLength);
        if (!TryFindText(type, body, out var text) || client.Link.IsSentAgain)
        {
            return RequestFate.Pass;
        }

        switch (TokenSetting.Find(text, client.StandardConformingStrings, out var literal))
        {
            case TokenSettingUse.None:
                return RequestFate.Pass;
            case TokenSettingUse.Among:
                (_isDecided, _error) = (true, ProxyErrors.TokenSetAmongOthers);
                return RequestFate.Pass;
            default:
                var (at, size) = literal.GetOffsetAndLength(text.Length);
                _isUnderWay = true;
                client.BeginRenewal(++_ticket, text.Slice(at + 1, size - 2));
                input.Blank(offset + Frame.HeaderLength + TextOffset(type, body) + at, size);
                return _isUnderWay ? RequestFate.Blocked : Look(in input, offset, type, length);
        }
    }

    /// <summary>The token was judged: null, or why not. False where nobody waits for it any more.</summary>
    public bool Decided(int ticket, ProxyError? error)
    {
        if (!_isUnderWay || ticket != _ticket)
        {
            return false;
        }

        (_isUnderWay, _isDecided, _error) = (false, true, error);
        return true;
    }

    /// <summary>The message at hand is the renewal's, has its server, and is refused.</summary>
    public bool Refuses(byte type, [NotNullWhen(true)] out ProxyError? error)
    {
        error = _isDecided && type is FrontendType.Query or FrontendType.Parse ? _error : null;
        return error is not null;
    }

    /// <summary>The message is dealt with, perhaps as part of a batch that was cut, before it was decided.</summary>
    public void Over() => (_isUnderWay, _isDecided, _error) = (false, false, null);

    private RequestFate AnswerHere()
    {
        client.AnswerSet(_error);
        Over();
        return RequestFate.Done;
    }

    private static bool TryFindText(byte type, ReadOnlySpan<byte> body, out ReadOnlySpan<byte> text)
    {
        text = default;
        var from = TextOffset(type, body);
        var end = from < 0 ? -1 : body[from..].IndexOf((byte)0);
        if (end < 0)
        {
            return false;
        }

        text = body.Slice(from, end);
        return true;
    }

    // Of a Query its body; of a Parse what stands behind the statement's name. -1 for none.
    private static int TextOffset(byte type, ReadOnlySpan<byte> body) => type == FrontendType.Query ? 0 : body.IndexOf((byte)0) is var name and >= 0 ? name + 1 : -1;
}
