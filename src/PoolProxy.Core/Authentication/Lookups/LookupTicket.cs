using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Authentication.Lookups;

/// <summary>One login's share in a lookup. Owned by its loop.</summary>
internal sealed class LookupTicket(UserLookup lookup)
{
    private readonly TaskCompletionSource<LookupAnswer> _answer = new(TaskCreationOptions.None);

    public Task<LookupAnswer> Answer => _answer.Task;

    /// <summary>The client has left: whom nobody waits for is not asked about.</summary>
    public void GiveUp(ProxyError error)
    {
        if (_answer.TrySetResult(new LookupAnswer(null, error)))
        {
            lookup.Leave(this);
        }
    }

    internal void Complete(LookupAnswer answer) => _answer.TrySetResult(answer);
}
