using System.Text;
using PoolProxy.Core.Backend;
using PoolProxy.Core.Errors;
using PoolProxy.Protocol.Errors;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Isolation;

/// <summary>
/// Watches the answers to a prelude. Exactly the expected ones, in order, confirm it; anything else closes the server, whose next
/// statement might otherwise run as somebody else (isolation.md §3). One object a server, used again and again.
/// </summary>
internal sealed class PreludeExchange : ProxyExchange
{
    private readonly DressedServer _dressed;
    private Prelude _prelude = null!;
    private int _wiped;
    private bool _awaitsIdentity;
    private int _query;
    private int _setsLeft;
    private ProxyError? _refused;

    public PreludeExchange(DressedServer dressed) => _dressed = dressed;

    public void Begin(Prelude prelude, bool isSigned)
    {
        _prelude = prelude;
        _wiped = 0;
        _awaitsIdentity = isSigned;
        _query = 0;
        _setsLeft = prelude.SetCounts[0];
        _refused = null;
        RepliesLeft = prelude.SetCounts.Length;
    }

    /// <inheritdoc/>
    public override void OnRow(ReadOnlySpan<byte> body) => Fail("a row in answer to the prelude");

    /// <inheritdoc/>
    public override void OnResult() => Fail("a result in answer to the prelude");

    public override void OnCommandComplete(ReadOnlySpan<byte> tag)
    {
        if (AwaitsWipe)
        {
            if (!tag.SequenceEqual(WipeStatement.Of(_prelude.Wipe)[_wiped++].Tag))
            {
                Fail("unexpected answer to DISCARD");
            }

            return;
        }

        if (_awaitsIdentity)
        {
            _awaitsIdentity = false;
            if (!tag.SequenceEqual("SELECT 0"u8))
            {
                Fail("unexpected answer to the signed identity");
            }

            return;
        }

        if (--_setsLeft < 0 || !(tag.SequenceEqual("SET"u8) || tag.SequenceEqual("RESET"u8)))
        {
            Fail("unexpected answer to SET");
        }
    }

    public override void OnError(in ErrorFields fields)
    {
        // Only the client's own parameters, in a Query of their own, may fail without harm.
        if (!AwaitsWipe && !_awaitsIdentity && !fields.IsFatal && IsApart)
        {
            _refused = new ProxyError(Severity.Fatal, Encoding.ASCII.GetString(fields.Code), Encoding.UTF8.GetString(fields.Message));
            _setsLeft = 0;
            return;
        }

        Fail($"{Encoding.ASCII.GetString(fields.Code)} {Encoding.UTF8.GetString(fields.Message)}");
    }

    public override void OnReplyEnd(TransactionStatus status)
    {
        if (AwaitsWipe || _awaitsIdentity || _setsLeft != 0 || status != TransactionStatus.Idle)
        {
            Fail("the prelude was not answered in full");
        }
        else
        {
            _setsLeft = _prelude.SetCounts[++_query];
        }
    }

    public override void OnReady(TransactionStatus status)
    {
        if (AwaitsWipe || _awaitsIdentity || _setsLeft != 0 || status != TransactionStatus.Idle)
        {
            Fail("the prelude was not answered in full");
        }
        else
        {
            _dressed.Confirm(_refused);
        }
    }

    protected internal override void OnDue(long nowMilliseconds)
    {
        if (!Server.Loop.Standstill.TryPutOff(this))
        {
            Fail("no answer to the prelude in time");
        }
    }

    /// <summary>Not all of message 1 is answered.</summary>
    private bool AwaitsWipe => _wiped < WipeStatement.Of(_prelude.Wipe).Length;

    /// <summary>The last Query of those that may fail is being answered.</summary>
    private bool IsApart => _dressed.TriesParameters && RepliesLeft == 1;

    private void Fail(string what)
    {
        if (!Server.IsClosed)
        {
            _dressed.Alarm(what);
            Server.Close(CloseReason.PreludeFailed);
        }
    }
}
