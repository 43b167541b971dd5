using PoolProxy.Core.Errors;

namespace PoolProxy.Core.Authentication.Lookups;

/// <summary>What came of a lookup: a user, or nobody of that name, or (with an error) nothing that could be relied on.</summary>
/// <param name="User">Null where there is nobody, and where there is an error.</param>
/// <param name="Error">What the client is told, whoever it is; null where the query was answered.</param>
internal sealed record LookupAnswer(FoundUser? User, ProxyError? Error = null)
{
    /// <summary>The query was answered: by that name there is nobody.</summary>
    public static LookupAnswer Nobody { get; } = new((FoundUser?)null);
}
