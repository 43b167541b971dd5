namespace PoolProxy.Core.Backend;

/// <summary>
/// A server could not be had. The message is for the log; clients are told only that login has been failing, because what a server says
/// before TLS and authentication is anyone's text (CVE-2024-10977).
/// </summary>
internal sealed class ServerLoginException : Exception
{
    public ServerLoginException(string message)
        : base(message)
    {
    }

    public ServerLoginException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>The server's SQLSTATE, if it was the server that refused.</summary>
    public string? SqlState { get; init; }

    /// <summary>Settings that somebody gave to the login and nobody declared, and the SQL that repairs it: an alarm (isolation.md §4).</summary>
    public (string Settings, string Repair)? Tampered { get; init; }

    /// <summary>What of the login could undo isolation, and the SQL that repairs it (isolation.md §5).</summary>
    public (string Dangers, string Repair)? Unsafe { get; init; }

    /// <summary>The login went well, but the server is not what target_session_attrs asks for: what it is. Nobody's fault.</summary>
    public HostNature? Unfit { get; init; }

    /// <summary>There was no connection, or the server closed it or fell silent before TLS: whoever had asked would have got no more.</summary>
    public bool IsUnanswered { get; init; }

    /// <summary>The connection ended, or the time ran out: the next try may go well.</summary>
    public bool IsBrokenOff { get; init; }

    /// <summary>A CancelRequest was sent, and nobody knows whether it will be carried out, or when: its backend must not serve anybody else.</summary>
    public bool MayStillArrive { get; init; }

    /// <summary>
    /// It is the host's: it cannot be reached, does not answer, or is starting or stopping. What it refuses to one login is not, nor what comes of certificates: that is
    /// one pool's own.
    /// </summary>
    public bool IsOfHost => IsTransientOfHost || IsUnanswered;

    private bool IsTransientOfHost => SqlState is "57P03" or "57P01" or "57P02";

    /// <summary>The server is starting, stopping or recovering, or full for the moment: worth another try soon.</summary>
    public bool IsTransient => IsTransientOfHost || SqlState is "53300";
}
