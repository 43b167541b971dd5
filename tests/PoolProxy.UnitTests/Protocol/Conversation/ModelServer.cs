using PoolProxy.Protocol.Conversation;

namespace PoolProxy.UnitTests.Protocol.Conversation;

/// <summary>How a message ended.</summary>
public enum ModelFate
{
    Answered,
    Failed,
    Skipped,
    Made,
}

/// <summary>
/// PostgreSQL reduced to the order of its messages: the main loop of postgres.c with ignore_till_sync, and the reading of
/// COPY data in copyfromparse.c. It keeps its own books, naively, of which message each answer belongs to.
/// </summary>
public sealed class ModelServer
{
    private readonly Queue<ModelMessage> _input = new();
    private readonly List<ModelMessage> _madeDuringCopy = [];
    private ModelMessage? _running;
    private int _nextResult;
    private bool _ignoresTillSync;

    public Queue<(char Type, byte Status, int Owner)> Output { get; } = new();

    public List<(int Id, ModelFate Fate)> Fates { get; } = [];

    public bool IsDead { get; private set; }

    public bool IsBatchOpen { get; private set; }

    public bool IsInCopy => _running is not null;

    public bool IgnoresTillSync => _ignoresTillSync;

    public bool HasInput => _input.Count != 0;

    public byte Status { get; private set; } = (byte)'I';

    public void Send(ModelMessage message) => _input.Enqueue(message);

    /// <summary>Something that may come whenever the server likes.</summary>
    public void Tell(char type) => Output.Enqueue((type, 0, -1));

    /// <summary>A timeout or a cancel strikes while COPY waits for data.</summary>
    public void FailInCopy()
    {
        if (!IsDead && _running is { } message)
            Fail(message);
    }

    public void Step()
    {
        if (IsDead || !_input.TryDequeue(out ModelMessage? message))
            return;
        if (_running is not null)
            StepInCopy(_running, message);
        else if (message.Origin == OwedOrigin.Made)
            Fates.Add((message.Id, _ignoresTillSync ? ModelFate.Skipped : ModelFate.Made));
        else if (_ignoresTillSync && message.Kind != ModelKind.Sync)
            Skip(message);
        else
            Run(message);
    }

    private void Skip(ModelMessage message)
    {
        if (message.HasEntry && message.EntryKind != OwedKind.CopyEnd)
            Fates.Add((message.Id, ModelFate.Skipped));
    }

    private void Run(ModelMessage message)
    {
        switch (message.Kind)
        {
            case ModelKind.Sync:
                _ignoresTillSync = false;
                if (message.Fails)
                    Put('E', message);
                Ready(message);
                break;
            case ModelKind.FunctionCall:
                Put(message.Fails ? 'E' : 'V', message);
                Ready(message);
                break;
            case ModelKind.Query:
            case ModelKind.Execute:
                _nextResult = 0;
                Continue(message);
                break;
            case ModelKind.Flush or ModelKind.CopyData or ModelKind.CopyDone or ModelKind.CopyFail:
                break;
            default:
                Answer(message);
                break;
        }
    }

    private void Answer(ModelMessage message)
    {
        if (message.Fails)
        {
            if (message.Kind == ModelKind.DescribeStatement && message.Status == (byte)'T')
                Put('t', message); // the error may come between the two parts of the answer
            Fail(message);
            return;
        }

        switch (message.Kind)
        {
            case ModelKind.Parse: Put('1', message); break;
            case ModelKind.Bind: Put('2', message); break;
            case ModelKind.Close: Put('3', message); break;
            case ModelKind.DescribePortal: Put(message.Results.Length == 0 ? 'n' : 'T', message); break;
            case ModelKind.DescribeStatement:
                Put('t', message);
                Put(message.Results.Length == 0 ? 'n' : 'T', message);
                break;
        }

        Done(message);
    }

    /// <summary>Runs the rest of a Query or Execute, as far as the next COPY FROM STDIN.</summary>
    private void Continue(ModelMessage message)
    {
        bool isQuery = message.Kind == ModelKind.Query;
        while (_nextResult < message.Results.Length)
        {
            ModelResult result = message.Results[_nextResult++];
            switch (result)
            {
                case ModelResult.Rows:
                    if (isQuery)
                        Put('T', message);
                    Put('D', message);
                    Put('D', message);
                    Put('C', message);
                    break;
                case ModelResult.Command: Put('C', message); break;
                case ModelResult.Empty: Put('I', message); break;
                case ModelResult.Suspended: Put(isQuery ? 'C' : 's', message); break;
                case ModelResult.CopyOut:
                    foreach (char type in "HddcC")
                        Put(type, message);
                    break;
                case ModelResult.Error:
                    Fail(message);
                    return;
                default:
                    Put('G', message);
                    _running = message;
                    if (result == ModelResult.CopyInThatFailsAtOnce)
                        Fail(message);
                    return;
            }

            if (!isQuery)
                break;
        }

        if (isQuery)
        {
            Ready(message);
            return;
        }

        if (message.Results.Length == 0)
            Put('C', message);
        Done(message);
    }

    private void StepInCopy(ModelMessage running, ModelMessage message)
    {
        if (message.Origin == OwedOrigin.Made)
        {
            _madeDuringCopy.Add(message);
            return;
        }

        switch (message.Kind)
        {
            case ModelKind.CopyData or ModelKind.Flush or ModelKind.Sync:
                break;
            case ModelKind.CopyFail:
                Fail(running);
                break;
            case ModelKind.CopyDone when running.Results[_nextResult - 1] == ModelResult.CopyInThatFailsAtItsEnd:
                Fail(running);
                break;
            case ModelKind.CopyDone:
                Put('C', running);
                _running = null;
                if (running.Kind == ModelKind.Query)
                    Continue(running);
                else
                    Done(running);
                FlushMade();
                break;
            default:
                Fail(running);
                IsDead = true; // "protocol synchronization was lost"
                break;
        }
    }

    private void Fail(ModelMessage message)
    {
        _running = null;
        Put('E', message);
        if (message.IsExtended)
        {
            _ignoresTillSync = true;
            IsBatchOpen = true;
            Fates.Add((message.Id, ModelFate.Failed));
        }
        else
        {
            Ready(message);
        }

        FlushMade();
    }

    /// <summary>What the proxy is to answer behind the COPY; while the COPY's message still runs, it waits on.</summary>
    private void FlushMade()
    {
        if (_running is not null)
            return;
        foreach (ModelMessage made in _madeDuringCopy)
            Fates.Add((made.Id, _ignoresTillSync ? ModelFate.Skipped : ModelFate.Made));
        _madeDuringCopy.Clear();
    }

    private void Done(ModelMessage message)
    {
        IsBatchOpen = true;
        Fates.Add((message.Id, ModelFate.Answered));
    }

    private void Ready(ModelMessage message)
    {
        IsBatchOpen = false;
        Status = message.Status;
        Output.Enqueue(('Z', message.Status, message.Id));
        Fates.Add((message.Id, ModelFate.Answered));
    }

    private void Put(char type, ModelMessage owner) => Output.Enqueue((type, 0, owner.Id));
}
