namespace PoolProxy.Core.Loops;

/// <summary>What an engine tells the owner of a socket, always from the top of a loop's turn, never from inside a call of the owner's.</summary>
internal interface ISocketEvents
{
    /// <summary>Bytes came. The lease ends when this returns.</summary>
    void OnReceived(in ReceivedBytes bytes);

    /// <summary>The backlog went back to zero.</summary>
    void OnDrained();

    /// <summary>
    /// Nothing more will come: the peer's end of stream (<paramref name="error"/> is 0) or an errno of receiving or sending. Once, but after
    /// an end of stream a second time if sending fails too: the backlog is dropped then.
    /// </summary>
    void OnEnd(int error);
}
