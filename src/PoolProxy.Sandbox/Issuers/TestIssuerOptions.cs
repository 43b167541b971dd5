using PoolProxy.Sandbox.Certificates;

namespace PoolProxy.Sandbox.Issuers;

/// <summary>What a test issuer shall be like.</summary>
public sealed record TestIssuerOptions
{
    /// <summary>The algorithm of its first key.</summary>
    public string Algorithm { get; init; } = "RS256";

    /// <summary>The audience of its tokens unless a token says otherwise.</summary>
    public string Audience { get; init; } = "poolproxy";

    /// <summary>How long its tokens live unless a token says otherwise.</summary>
    public TimeSpan Life { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A path behind the host in the issuer's name, such as <c>/tenant/a</c>; empty for none.</summary>
    public string Path { get; init; } = "";

    /// <summary>With these it speaks https with <see cref="SandboxCertificates.ServerEc"/>; without, http.</summary>
    public SandboxCertificates? Certificates { get; init; }

    /// <summary>The clock of <c>iat</c> and <c>exp</c>.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
