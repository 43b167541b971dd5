namespace PoolProxy.Configuration.Model;

/// <summary>Which console commands a rule opens: <c>console</c>.</summary>
public enum ConsoleAccess
{
    /// <summary>The console stays shut.</summary>
    None,

    /// <summary><c>stats</c>: every SHOW but FDS.</summary>
    Stats,

    /// <summary><c>admin</c>: everything.</summary>
    Admin,
}
