using PoolProxy.Configuration.Model;

namespace PoolProxy.Configuration.Validation;

/// <summary>
/// Looks at values among one another: each is well by itself and still they may not go together. Every check adds its faults; none stops the
/// others. The console's SET asks it too, before a changed configuration is used.
/// </summary>
public static class ConfigurationValidator
{
    /// <summary>Every fault of <paramref name="configuration"/>; empty when it can be used.</summary>
    public static IReadOnlyList<ConfigurationFault> Validate(ProxyConfiguration configuration, SourceMap positions) => Validate(configuration, positions, out _);

    /// <summary>As <see cref="Validate(ProxyConfiguration, SourceMap)"/>, with what is no fault but not what it looks like.</summary>
    public static IReadOnlyList<ConfigurationFault> Validate(ProxyConfiguration configuration, SourceMap positions, out IReadOnlyList<ConfigurationFault> notes)
    {
        var findings = new Findings(positions);
        ListenerChecks.Check(configuration.Proxy, findings);
        PoolChecks.Check(configuration, findings);
        HostChecks.Check(configuration, findings);
        TlsChecks.Check(configuration, findings);
        AuthenticationChecks.Check(configuration, findings);
        IssuerChecks.Check(configuration, findings);
        RuleChecks.Check(configuration, findings);
        IsolationChecks.Check(configuration, findings);
        LoginChecks.Check(configuration, findings);
        LookupChecks.Check(configuration, findings);
        AuditChecks.Check(configuration.Audit, findings);
        HttpChecks.Check(configuration.Http, findings);
        LimitChecks.Check(configuration.Limits, findings);
        RevocationChecks.Check(configuration, findings);
        AccessChecks.Check(configuration, findings);
        notes = findings.Notes;
        return findings.Faults;
    }
}
