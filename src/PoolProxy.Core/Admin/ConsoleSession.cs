using PoolProxy.Configuration.Model;
using PoolProxy.Core.Admin.Language;
using PoolProxy.Core.Admin.Results;
using PoolProxy.Core.Errors;
using PoolProxy.Core.Frontend;
using PoolProxy.Core.Loops;
using PoolProxy.Core.Relay;
using PoolProxy.Core.Transport;
using PoolProxy.Protocol.Framing;
using PoolProxy.Protocol.Messages.Backend;
using PoolProxy.Protocol.Messages.Frontend;

namespace PoolProxy.Core.Admin;

/// <summary>
/// A client in the console, over the simple and the extended query protocol:
/// 1. bytes come in (<see cref="ConsoleInput"/>); one message after the other is handled, one command at a time;
/// 2. a command answers at once, or (PAUSE, RELOAD, WAIT_CLOSE) later: what the client sends meanwhile waits, within a bound;
/// 3. answers go out in one write a turn; while the client does not take them, nothing more is handled.
/// There are no transactions: ReadyForQuery always says idle. Owned by one loop; ends once.
/// </summary>
internal sealed class ConsoleSession(ConsoleView view, ClientSession session, ConsoleAccess access) : IConnectionHandler
{
    /// <summary>Bytes the client has not taken, above which nothing more is answered.</summary>
    private const int HighWaterBytes = 64 * 1024;

    private readonly CommandRunner _runner = new(view, session, access);
    private readonly ConsoleInput _input = new();
    private readonly ConsoleOutput _output = new(view, session);
    private readonly Queue<ConsoleStatement> _query = [];
    private readonly ExtendedQueries _extended = new();
    private bool _isBusy;
    private bool _isHandling;
    private bool _isSkippingToSync;
    private bool _isEnded;

    private Connection Connection => session.Connection;

    /// <summary>The one place where login hands over its unread bytes.</summary>
    public void Start(ReadOnlySpan<byte> unread)
    {
        session.EndConsole = EndFromOutside;
        Connection.Handler = this;
        _input.Append(unread);
        Handle();
    }

    /// <inheritdoc/>
    public void OnReceived(Connection connection, in ReceivedBytes bytes)
    {
        if (!_isEnded)
        {
            view.OwnStats.ReceivedBytes += bytes.Length;
            _input.Append(bytes.Span);
            Handle();
        }
    }

    /// <inheritdoc/>
    public void OnDrained(Connection connection) => Handle();

    /// <inheritdoc/>
    public void OnEnd(Connection connection, ConnectionEnd end) => End(RelayOutcome.ClientLost, null);

    private void EndFromOutside(ProxyError error) => End(RelayOutcome.Administrator, error.AsFatal());

    /// <summary>Says why, where there is something to say; a command under way finds nobody to answer.</summary>
    private void End(RelayOutcome outcome, ProxyError? error)
    {
        if (_isEnded)
        {
            return;
        }

        ResultWriter.WriteSaid(_output.Writer, error);
        _output.Flush();
        _isEnded = true;
        _input.Clear();
        _query.Clear();
        session.Ended(outcome, error);
    }

    // Handles whatever can be handled now. Never inside itself: a command may end at once.
    private void Handle()
    {
        if (_isHandling)
        {
            return;
        }

        _isHandling = true;
        while (!_isEnded && !_isBusy && Connection.BacklogBytes <= HighWaterBytes && HandleOne())
        {
            if (_output.WrittenLength > HighWaterBytes)
            {
                _output.Flush();
            }
        }

        _isHandling = false;
        if (!_isEnded)
        {
            _output.Flush();
            Regulate();
        }
    }

    private bool HandleOne()
    {
        if (_query.TryDequeue(out var statement))
        {
            Run(statement, FinishSimple);
            return true;
        }

        var status = _input.TryTake(out var type, out var body, out var totalLength);
        if (status == FrameStatus.NeedMore)
        {
            return false;
        }

        if (status == FrameStatus.Malformed)
        {
            End(RelayOutcome.ClientViolation, totalLength > 0 ? ProxyErrors.MessageTooLong(totalLength, ConsoleInput.MaxMessageBytes) : ProxyErrors.BadMessageHeader(_input.Peek(8)));
        }
        else if (!_isSkippingToSync || type is FrontendType.Sync or FrontendType.Terminate)
        {
            HandleMessage(type, body);
        }

        return true;
    }

    private void HandleMessage(byte type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case FrontendType.Query when Query.TryRead(body, out var query):
                StartQuery(query.Text);
                break;
            case FrontendType.Sync:
                _isSkippingToSync = false;
                _extended.ClosePortals();
                ReadyForQuery.Write(_output.Writer, TransactionStatus.Idle);
                break;
            case FrontendType.Terminate:
                End(RelayOutcome.ClientTerminated, null);
                break;
            case FrontendType.Flush or FrontendType.CopyData or FrontendType.CopyDone or FrontendType.CopyFail:
                // What is answered goes out by itself; and PostgreSQL ignores copy data that nobody asked for.
                break;
            case FrontendType.FunctionCall:
                ResultWriter.WriteSaid(_output.Writer, ConsoleErrors.ConsoleCannot("function calls"));
                ReadyForQuery.Write(_output.Writer, TransactionStatus.Idle);
                break;
            case FrontendType.Execute when Execute.TryRead(body, out var execute):
                StartExecute(execute);
                break;
            default:
                HandleExtended(type, body);
                break;
        }
    }

    private void HandleExtended(byte type, ReadOnlySpan<byte> body)
    {
        if (_extended.TryHandle(type, body, _output.Writer, out var error))
        {
            FailExtended(error);
            return;
        }

        var isKnown = type is FrontendType.Query or FrontendType.Parse or FrontendType.Bind or FrontendType.Describe or FrontendType.Execute or FrontendType.Close;
        End(RelayOutcome.ClientViolation, isKnown ? ProxyErrors.MalformedMessage("invalid message format") : ProxyErrors.UnexpectedMessage(type));
    }

    private void FailExtended(ProxyError? error)
    {
        if (error is not null)
        {
            ResultWriter.WriteSaid(_output.Writer, error);
            _isSkippingToSync = true;
            if (error.IsFatal)
            {
                End(RelayOutcome.ClientViolation, null);
            }
        }
    }

    private void StartQuery(ReadOnlySpan<byte> utf8)
    {
        if (Parser.TryParse(utf8, out var statements) is { } error)
        {
            ResultWriter.WriteSaid(_output.Writer, error);
            ReadyForQuery.Write(_output.Writer, TransactionStatus.Idle);
            return;
        }

        _extended.CloseUnnamed();
        statements.ForEach(_query.Enqueue);
        if (statements.Count == 0)
        {
            EmptyQueryResponse.Write(_output.Writer);
            ReadyForQuery.Write(_output.Writer, TransactionStatus.Idle);
        }
    }

    private void FinishSimple(ConsoleStatement statement, ConsoleAnswer answer)
    {
        if (answer.Descriptors is { } descriptors)
        {
            if (!_output.TrySendRowsWith(descriptors, statement.Command.Columns, answer))
            {
                End(RelayOutcome.ClientLost, null);
                return;
            }
        }
        else
        {
            ResultWriter.WriteAnswer(_output.Writer, statement.Command.Columns, answer);
        }

        if (answer.Error is not null)
        {
            // The rest of the Query is dropped with it.
            _query.Clear();
        }

        if (_query.Count == 0)
        {
            ReadyForQuery.Write(_output.Writer, TransactionStatus.Idle);
        }

        if (answer.IsLast)
        {
            End(RelayOutcome.Administrator, null);
        }
    }

    private void StartExecute(Execute execute)
    {
        if (!_extended.TryFindPortal(execute.PortalName, out var portal, out var error))
        {
            FailExtended(error);
            return;
        }

        var maxRows = execute.MaxRows;
        if (portal.Statement is not { } statement)
        {
            EmptyQueryResponse.Write(_output.Writer);
        }
        else if (portal.Answer is not null)
        {
            portal.WriteRows(_output.Writer, maxRows);
        }
        else
        {
            Run(statement, (_, answer) =>
            {
                FailExtended(answer.Error);
                if (answer.Error is null)
                {
                    ResultWriter.WriteSaid(_output.Writer, answer.Notice);
                    portal.Answer = answer;
                    portal.WriteRows(_output.Writer, maxRows);
                }
            });
        }
    }

    private void Run(ConsoleStatement statement, Action<ConsoleStatement, ConsoleAnswer> finish)
    {
        _isBusy = true;
        view.Services.Loop.Run(static state => ((Func<Task>)state!)(), (Func<Task>)(() => RunAsync(statement, finish)));
    }

    private async Task RunAsync(ConsoleStatement statement, Action<ConsoleStatement, ConsoleAnswer> finish)
    {
        var answer = await _runner.RunAsync(statement);
        _isBusy = false;
        if (_isEnded || answer.IsSilent)
        {
            return;
        }

        if (answer.Error is { IsFatal: true } fatal)
        {
            End(RelayOutcome.Administrator, fatal);
            return;
        }

        _extended.Forget(answer.Deallocates);
        finish(statement, answer);
        Handle();
    }

    // The client is heard while there is room for what it says; its going away is noticed until then.
    private void Regulate()
    {
        if (_input.IsFull)
        {
            Connection.PauseReading();
        }
        else
        {
            Connection.ResumeReading();
        }
    }
}
