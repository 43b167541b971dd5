namespace PoolProxy.Core.Pooling;

/// <summary>The kinds of <see cref="PoolAnswer"/>.</summary>
internal enum PoolAnswerKind : byte
{
    /// <summary>Nothing: something that happens later will ask again.</summary>
    Wait,

    /// <summary>The server is promised to the waiter. Its own loop hands it over, to its own client or to the waiter's loop.</summary>
    Grant,

    /// <summary>The server was unused for so long that it has to answer server_check_query first, on its own loop.</summary>
    Check,

    /// <summary>A place is taken for one more server: open it.</summary>
    Open,

    /// <summary>This free server has to go (exclusive isolation): its identity would keep others out.</summary>
    Evict,

    /// <summary>A limit over several pools is full: another pool's free server may give way.</summary>
    MakeRoom,

    /// <summary>The server that was given back is not wanted any more.</summary>
    Close,
}
