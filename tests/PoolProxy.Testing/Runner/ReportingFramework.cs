using PoolProxy.Testing.Postgres;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace PoolProxy.Testing.Runner;

/// <summary>xunit's own framework, which before the first test says which versions of PostgreSQL are used and which are missing.</summary>
public sealed class ReportingFramework : XunitTestFramework
{
    /// <summary>Called by xunit, for discovery and for each run.</summary>
    public ReportingFramework(IMessageSink messageSink) : base(messageSink) =>
        messageSink.OnMessage(new DiagnosticMessage(AvailablePostgres.Summary));
}
