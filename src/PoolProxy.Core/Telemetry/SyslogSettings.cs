using PoolProxy.Configuration.Model;

namespace PoolProxy.Core.Telemetry;

/// <summary>How the log appears in the system's.</summary>
/// <param name="Ident"><c>syslog_ident</c>: the name before each line.</param>
/// <param name="Facility"><c>syslog_facility</c>: the part of the system that it is filed under.</param>
internal sealed record SyslogSettings(string Ident, SyslogFacility Facility);
