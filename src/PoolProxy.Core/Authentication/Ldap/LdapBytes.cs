using System.Runtime.InteropServices;

namespace PoolProxy.Core.Authentication.Ldap;

/// <summary>struct berval: bytes with their length.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct LdapBytes
{
    public nuint Length;
    public byte* Start;
}
