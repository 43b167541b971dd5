namespace PoolProxy.IntegrationTests.Escapes;

/// <summary>How an attack ends: the words of docs/escapes.md.</summary>
internal enum Outcome
{
    /// <summary>It ran, and reached nothing that it should not.</summary>
    Harmless,

    /// <summary>PostgreSQL answered with an error of its own, and nothing was reached.</summary>
    PostgreSQL,

    /// <summary>The proxy refused it (42501 with a hint at login or in its place) or gave the server up (08006), and nothing was reached.</summary>
    Proxy,

    /// <summary>It reached what it was after, as docs/isolation.md says of this level.</summary>
    ByDesign,
}
