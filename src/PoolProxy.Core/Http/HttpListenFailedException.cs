namespace PoolProxy.Core.Http;

/// <summary>The HTTP listener cannot listen: an address is taken, or its certificate cannot be used. The message is for the operator.</summary>
internal sealed class HttpListenFailedException(string message, Exception inner) : Exception(message, inner);
