using System.Runtime.InteropServices;

namespace PoolProxy.Core.Authentication.Ldap;

/// <summary>struct timeval.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeValue
{
    public nint Seconds;
    public nint Microseconds;

    public static TimeValue Of(TimeSpan span) => new() { Seconds = (nint)(span.Ticks / TimeSpan.TicksPerSecond), Microseconds = (nint)(span.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond) };
}
