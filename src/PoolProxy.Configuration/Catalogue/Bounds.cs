namespace PoolProxy.Configuration.Catalogue;

/// <summary>The longest texts and lists that a file may hold.</summary>
internal static class Bounds
{
    /// <summary>Names of databases, users and roles, in UTF-8 bytes: PostgreSQL cuts at NAMEDATALEN - 1.</summary>
    public const int NameBytes = 63;

    /// <summary>Passwords, as PgBouncer's MAX_PASSWORD.</summary>
    public const int PasswordLength = 2048;

    /// <summary>Paths, as PATH_MAX.</summary>
    public const int PathLength = 4095;

    /// <summary>A Unix socket's folder: sun_path holds 108 bytes with the file's name.</summary>
    public const int SocketFolderLength = 90;

    /// <summary>Queries, cipher lists, URLs and other texts.</summary>
    public const int TextLength = 8192;

    /// <summary>The highest number of a peer, as PgBouncer's manual has it.</summary>
    public const int PeerId = 16383;

    /// <summary>Elements of a list.</summary>
    public const int ListLength = 1024;

    /// <summary>A regular expression of a rule.</summary>
    public const int PatternLength = 1024;
}
