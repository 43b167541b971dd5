namespace PoolProxy.Load.Driver;

/// <summary>Where clients connect: a port of 127.0.0.1, with or without TLS.</summary>
/// <param name="Port">The port.</param>
/// <param name="Tls">What TLS clients share; null for no TLS.</param>
internal sealed record Target(int Port, TlsContext? Tls);
