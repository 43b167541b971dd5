using System.Reflection;
using PoolProxy.Testing.Loops;
using PoolProxy.Testing.Postgres;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace PoolProxy.Testing.Runner;

/// <summary>
/// xunit's own framework, which before the first test says which versions of PostgreSQL and which engine are used and what is missing, and
/// leaves out the tests of an engine that the system forbids, and of older versions where there is one version only.
/// </summary>
public sealed class ReportingFramework : XunitTestFramework
{
    /// <summary>Called by xunit, for discovery and for each run.</summary>
    public ReportingFramework(IMessageSink messageSink) : base(messageSink)
    {
        messageSink.OnMessage(new DiagnosticMessage(AvailablePostgres.Summary));
        messageSink.OnMessage(new DiagnosticMessage(AvailableEngines.Summary));
    }

    /// <inheritdoc/>
    protected override ITestFrameworkDiscoverer CreateDiscoverer(IAssemblyInfo assemblyInfo) =>
        new Discoverer(assemblyInfo, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Discoverer(IAssemblyInfo assembly, ISourceInformationProvider source, IMessageSink sink)
        : XunitTestFrameworkDiscoverer(assembly, source, sink)
    {
        protected override bool IsValidTestClass(ITypeInfo type) =>
            base.IsValidTestClass(type)
            && (type is not IReflectionTypeInfo { Type: { } real } || (IsThere<NeedsUringAttribute>(real, AvailableEngines.HasUring) && IsThere<NeedsOlderPostgresAttribute>(real, AvailablePostgres.Found.Count > 1)));

        private static bool IsThere<TNeed>(Type type, bool isMet)
            where TNeed : Attribute => isMet || type.GetCustomAttribute<TNeed>() is null;
    }
}
