namespace PoolProxy;

/// <summary>What the program's exit codes mean. Part of the contract with scripts and service managers: a number never changes its meaning.</summary>
internal static class ExitCode
{
    /// <summary>The command did what it was asked, or the proxy was shut down in order.</summary>
    public const int Ok = 0;

    /// <summary>Something failed while running: an address in use, a fault in the proxy, a demo whose story went wrong; <c>doctor</c> found faults.</summary>
    public const int Fault = 1;

    /// <summary>The command line cannot be understood, or asks for what this version does not have.</summary>
    public const int BadCommandLine = 2;

    /// <summary><c>doctor</c> could not look: the file has faults, or a server could not be reached or logged in to.</summary>
    public const int DoctorTrouble = 2;

    /// <summary><c>explain</c> could not look: the file has faults or no issuers, or the certificate cannot be read.</summary>
    public const int ExplainTrouble = 2;

    /// <summary><c>audit verify</c> could not look: a file or the key cannot be read.</summary>
    public const int AuditTrouble = 2;

    /// <summary>The configuration file cannot be read, or has faults.</summary>
    public const int BadFile = 3;
}
