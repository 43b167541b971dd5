namespace PoolProxy.Identity.Claims;

/// <summary>
/// Where a claim stands in a token: names from the root inwards. <c>realm_access.roles</c> is two names; a claim whose own name holds dots,
/// such as <c>https://example.com/groups</c>, is one.
/// </summary>
/// <param name="Names">At least one name.</param>
public sealed record ClaimPath(IReadOnlyList<string> Names)
{
    /// <summary>A claim at the root, whatever characters its name holds.</summary>
    public static ClaimPath AtRoot(string name) => new([name]);

    /// <summary>A dotted path; every dot separates.</summary>
    public static ClaimPath FromDotted(string path) => new(path.Split('.'));

    /// <summary>The path as a rule writes it: names with dots are quoted.</summary>
    public override string ToString() =>
        string.Join('.', Names.Select(name => name.Contains('.', StringComparison.Ordinal) ? $"\"{name}\"" : name));
}
