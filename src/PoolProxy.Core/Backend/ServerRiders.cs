using System.Diagnostics;
using PoolProxy.Core.Loops;
using PoolProxy.Protocol.Framing;

namespace PoolProxy.Core.Backend;

/// <summary>
/// The clients whose requests were sent behind the one that a server is answering (isolation.md §9), in order. Each of them, and the one being
/// answered while there are any, is owed exactly one ReadyForQuery; at each the server passes to the next. Made for a server when the first client
/// rides on it, and kept for its life.
/// </summary>
internal sealed class ServerRiders(ServerConnection server)
{
    /// <summary>How many may be behind one another. More gains nothing: the server finds its next request waiting long before.</summary>
    public const int Capacity = 16;

    /// <summary>What is gathered for one write; a longer request is a write of its own.</summary>
    private const int GatheredBytes = 8 * 1024;

    private readonly IServerLink?[] _links = new IServerLink?[Capacity];
    private readonly List<IServerLink> _over = new(Capacity + 1);
    private LoopBuffer? _gathered;
    private int _head;
    private bool _isDisturbed;

    /// <summary>How many are behind the one being answered.</summary>
    public int Count { get; private set; }

    /// <summary>The last of them; there must be one.</summary>
    public IServerLink Last => _links[(_head + Count - 1) % Capacity]!;

    /// <summary>The ReadyForQuery of the client being answered was read: <see cref="PassOn"/> is due, once its answer is handed over.</summary>
    public bool IsTurnOver { get; private set; }

    /// <summary>A write of what was gathered is due on this loop.</summary>
    public bool IsWriteDue { get; private set; }

    /// <summary>Nothing is left to be written, and nobody to go on after a turn: the server may move to another loop.</summary>
    public bool IsAtRest => !IsWriteDue && _over.Count == 0;

    /// <summary>Somebody who waits for an answer is behind the client being answered.</summary>
    public bool AnyWaits
    {
        get
        {
            var anyWaits = false;
            for (var i = 0; i < Count && !anyWaits; i++)
            {
                anyWaits = !_links[(_head + i) % Capacity]!.IsGone;
            }

            return anyWaits;
        }
    }

    /// <summary>Nobody waits for an answer any more: all have left.</summary>
    public bool AreAllGone
    {
        get
        {
            var areGone = server.Link is { IsGone: true };
            for (var i = 0; i < Count && areGone; i++)
            {
                areGone = _links[(_head + i) % Capacity]!.IsGone;
            }

            return areGone;
        }
    }

    /// <summary>One more, whose request is about to be sent.</summary>
    public void Add(IServerLink link)
    {
        Debug.Assert(Count < Capacity && server.Link is not null, "behind somebody, and within the bound");
        _links[(_head + Count) % Capacity] = link;
        Count++;
    }

    /// <summary>A client leaves: another link takes what is still to come for it.</summary>
    public void Replace(IServerLink link, IServerLink substitute)
    {
        if (ReferenceEquals(server.Link, link))
        {
            server.Link = substitute;
            return;
        }

        for (var i = 0; i < Count; i++)
        {
            ref var place = ref _links[(_head + i) % Capacity];
            if (ReferenceEquals(place, link))
            {
                place = substitute;
                return;
            }
        }

        throw new UnreachableException();
    }

    /// <summary>A ReadyForQuery for a client was read.</summary>
    public void EndTurn() => IsTurnOver = Count > 0;

    /// <summary>What is being answered has changed the session: what was sent behind it does not run as it should.</summary>
    public void Disturb() => _isDisturbed = Count > 0;

    /// <summary>
    /// The client being answered has got all of its answer, and the next one's turn has come. If something has changed that the others rely on, or
    /// nobody is left, the server is closed instead.
    /// </summary>
    public void PassOn()
    {
        IsTurnOver = false;

        // The list of answers is the loop's: it must be empty before anybody else's go into it.
        server.Link?.Flush();
        if (server.IsClosed)
        {
            return;
        }

        if (server.Conversation.Status != TransactionStatus.Idle)
        {
            server.Close(CloseReason.PipelineBroken);
            return;
        }

        var done = server.Link!;
        var next = Take();
        server.Link = next;
        _over.Add(done);
        done.TurnOver();

        // A client that takes its answer slowly has stopped the reading; what is left of that is its own affair.
        server.ResumeReading();
        if (_isDisturbed)
        {
            server.Close(CloseReason.PipelineBroken);
        }
        else if (AreAllGone)
        {
            server.Close(CloseReason.ClientLeftUnfinished);
        }
        else
        {
            next.TurnCame();
            if (!server.IsClosed)
            {
                server.Answers.Prepare();
            }
        }
    }

    /// <summary>A chunk was read to its end: those whose turn ended in it go on with what they have to do.</summary>
    public void EndOfBytes()
    {
        if (_over.Count == 0)
        {
            return;
        }

        while (_over.Count > 0)
        {
            // Taken off first: what goes wrong with one is not to hold up the others.
            var link = _over[0];
            _over.RemoveAt(0);
            try
            {
                link.AfterTurn();
            }
            catch (Exception fault)
            {
                server.GiveUp(link, fault);
            }
        }

        if (!server.IsClosed)
        {
            server.Owner.ServerPassedOn(server);
        }
    }

    /// <summary>The server is closed, and its client has been told: so are all others, each as if the server had been its own.</summary>
    public void Lose(CloseReason reason)
    {
        Drop();
        while (Count > 0)
        {
            var readiesLeft = Count;
            var link = Take();
            try
            {
                // What the one before was not told.
                server.Answers.DropLost(readiesLeft);
            }
            catch (Exception fault)
            {
                server.Loop.CountFault(fault);
            }

            server.Link = link;
            server.TellLost(link, reason);
        }

        server.Link = null;
    }

    /// <summary>
    /// Sends a client's request, in one write with others of this turn: each write of its own would wake the server, and the requests are short.
    /// </summary>
    public void Send(SegmentList segments)
    {
        if (segments.LengthBytes > GatheredBytes - (_gathered?.Length ?? 0))
        {
            Write();
        }

        if (segments.LengthBytes > GatheredBytes)
        {
            server.Connection.Send(segments);
            return;
        }

        _gathered ??= server.Loop.Buffers.Rent(GatheredBytes);
        for (var i = 0; i < segments.Count; i++)
        {
            _gathered.Append(segments.BytesOf(i));
        }

        segments.Clear();
        if (!IsWriteDue)
        {
            IsWriteDue = true;
            server.Loop.Defer(static riders => ((ServerRiders)riders!).WriteDue(), this);
        }
    }

    /// <summary>Writes what was gathered, at once: something else is to follow it.</summary>
    public void Write()
    {
        if (_gathered is { } gathered)
        {
            _gathered = null;
            server.Connection.Send(gathered.Span);
            gathered.Return();
        }
    }

    private void WriteDue()
    {
        IsWriteDue = false;
        Write();
    }

    private void Drop()
    {
        _gathered?.Return();
        _gathered = null;
    }

    private IServerLink Take()
    {
        var link = _links[_head]!;
        _links[_head] = null;
        _head = (_head + 1) % Capacity;
        Count--;
        return link;
    }
}
