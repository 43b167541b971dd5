namespace PoolProxy.Core.Authentication.Keys;

/// <summary>Where an issuer's keys come from: a file, or HTTP. One fetch at a time; <see cref="IssuerKeys"/> sees to that.</summary>
internal interface IKeySource : IDisposable
{
    /// <summary>How often it is worth asking again without a reason.</summary>
    TimeSpan PollInterval { get; }

    /// <summary>The least time between two fetches for unknown key ids.</summary>
    TimeSpan ForcedInterval { get; }

    /// <summary>Fetches. Runs on a worker. What can go wrong outside is a result; cancellation alone is thrown.</summary>
    Task<KeyFetch> FetchAsync(CancellationToken cancellation);
}
