namespace PoolProxy.Core.Frontend;

/// <summary>Whether one more client may be served.</summary>
internal enum SeatResult
{
    /// <summary>It counts from now on.</summary>
    Taken,

    /// <summary>The pool was forgotten at this moment, since nobody used it: there is another.</summary>
    PoolIsGone,

    /// <summary>max_db_client_connections is reached.</summary>
    DatabaseIsFull,

    /// <summary>max_user_client_connections is reached.</summary>
    UserHasEnough,

    /// <summary>max_connections of the rule or the token is reached.</summary>
    PersonHasEnough,
}
