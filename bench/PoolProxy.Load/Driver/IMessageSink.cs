namespace PoolProxy.Load.Driver;

/// <summary>Takes a server's messages as they come out of a <see cref="BackendScanner"/>.</summary>
internal interface IMessageSink
{
    /// <summary>A message has begun whose body nobody needs.</summary>
    void OnMessage(byte type);

    /// <summary>A message whose body matters: Authentication, ErrorResponse, ReadyForQuery. The body is valid during the call.</summary>
    void OnMessage(byte type, ReadOnlySpan<byte> body);
}
