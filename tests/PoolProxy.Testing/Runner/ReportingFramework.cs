using System.Reflection;
using PoolProxy.Testing.Loops;
using PoolProxy.Testing.Postgres;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace PoolProxy.Testing.Runner;

/// <summary>
/// xunit's own framework, which before the first test says which versions of PostgreSQL and which engine are used and what is missing, and
/// leaves out the tests of an engine that the system forbids.
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
            && (AvailableEngines.HasUring || type is not IReflectionTypeInfo { Type: { } real } || real.GetCustomAttribute<NeedsUringAttribute>() is null);
    }
}
