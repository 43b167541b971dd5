namespace PoolProxy.UnitTests.Architecture;

/// <summary>
/// One place in compiled code that names a type or a member: the outermost type it stands in, so that lambdas, async and iterator state machines
/// count to the type they were written in, and what it names.
/// </summary>
/// <param name="From">Namespace and name of the outermost type that does the naming.</param>
/// <param name="Where">The member it does it in, for messages.</param>
/// <param name="Target">Namespace and name of the outermost type that is named.</param>
/// <param name="Member">The member of it, or null where only the type is named.</param>
internal sealed record Use(string From, string Where, string Target, string? Member)
{
    /// <summary>The namespace of <see cref="From"/>.</summary>
    public string FromNamespace => NamespaceOf(From);

    /// <summary>The namespace of <see cref="Target"/>.</summary>
    public string TargetNamespace => NamespaceOf(Target);

    public override string ToString() => $"{From} ({Where}) -> {Target}{(Member is null ? "" : $".{Member}")}";

    private static string NamespaceOf(string type)
    {
        var end = type.LastIndexOf('.');
        return end < 0 ? "" : type[..end];
    }
}
