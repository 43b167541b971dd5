using PoolProxy.Core.Audit;

namespace PoolProxy.Commands;

/// <summary><c>poolproxy audit verify FILE…</c>: proves that nothing of an audit trail was removed or changed.</summary>
internal static class AuditCommand
{
    /// <summary>Prints to <paramref name="output"/>; answers the exit code, whose 2 is the command's own.</summary>
    public static int Verify(IReadOnlyList<string> files, string? key, string? head, TextWriter output, TextWriter error) =>
        AuditVerification.Run(files, key, head, output, error) switch
        {
            AuditVerdict.Whole => ExitCode.Ok,
            AuditVerdict.Broken => ExitCode.Fault,
            _ => ExitCode.AuditTrouble,
        };
}
