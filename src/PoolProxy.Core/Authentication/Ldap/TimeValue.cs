using System.Runtime.InteropServices;

namespace PoolProxy.Core.Authentication.Ldap;

/// <summary>struct timeval.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeValue
{
    public nint Seconds;
    public nint Microseconds;
}
