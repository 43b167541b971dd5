namespace PoolProxy.Core;

/// <summary>How a proxy is started, beyond what its file says.</summary>
public sealed record StartOptions
{
    /// <summary><c>-q</c>: nothing to standard error.</summary>
    public bool IsQuiet { get; init; }

    /// <summary><c>-v</c>, as often as it stands; null where it does not: the file's <c>verbose</c> holds.</summary>
    public int? Verbose { get; init; }

    /// <summary><c>-R</c>: the listening sockets of the proxy that runs are taken over, and it goes when its clients have gone.</summary>
    public bool TakesOver { get; init; }

    /// <summary>What a service manager has passed.</summary>
    public PassedSockets Passed { get; init; } = PassedSockets.None;

    /// <summary>
    /// Called once the file is read and the TCP sockets are open, with the <c>user</c> of the file: gives up rights that are not needed any more. Null where the
    /// process stays what it is.
    /// </summary>
    public Action<string>? Privileges { get; init; }

    /// <summary>Called with the file's <c>pidfile</c> before anything is opened; throws where another process has it. Not with -R: it is the predecessor's until that one gives it up.</summary>
    public Action<string>? PidFileIsFree { get; init; }
}
