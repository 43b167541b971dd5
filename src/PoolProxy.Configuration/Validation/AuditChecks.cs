using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>A trail of statements that would go nowhere.</summary>
internal static class AuditChecks
{
    public static void Check(AuditSettings audit, Findings findings)
    {
        if (audit.Statements != AuditedStatements.Off && audit.File == AuditSettings.Off)
            findings.Add("statements needs somewhere to write to: file is off", "Set file to a path or \"stderr\".", "audit", "statements");
        if (audit.Parameters && audit.Statements == AuditedStatements.Off)
            findings.Add("parameters belong to statements, which are off", "Set statements to all or write.", "audit", "parameters");
    }
}
