namespace PoolProxy.Commands;

/// <summary>What the commands do, for <see cref="CommandLine"/> to call. Each answers an <see cref="ExitCode"/>.</summary>
internal sealed record ProxyCommands
{
    /// <summary><c>poolproxy FILE</c>: runs the proxy until it is told to stop.</summary>
    public required Func<RunOptions, Task<int>> Run { get; init; }

    /// <summary><c>poolproxy demo</c>; the argument is <c>--once</c>.</summary>
    public required Func<bool, TextWriter, Task<int>> Demo { get; init; }
}
