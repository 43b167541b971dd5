namespace PoolProxy.Configuration.Model;

/// <summary><c>syslog_facility</c>, by the codes of RFC 5424 §6.2.1.</summary>
public enum SyslogFacility
{
    /// <summary><c>user</c>.</summary>
    User = 1,

    /// <summary><c>mail</c>.</summary>
    Mail = 2,

    /// <summary><c>daemon</c>.</summary>
    Daemon = 3,

    /// <summary><c>auth</c>.</summary>
    Auth = 4,

    /// <summary><c>lpr</c>.</summary>
    Lpr = 6,

    /// <summary><c>news</c>.</summary>
    News = 7,

    /// <summary><c>uucp</c>.</summary>
    Uucp = 8,

    /// <summary><c>cron</c>.</summary>
    Cron = 9,

    /// <summary><c>authpriv</c>.</summary>
    Authpriv = 10,

    /// <summary><c>ftp</c>.</summary>
    Ftp = 11,

    /// <summary><c>local0</c>; the others follow.</summary>
    Local0 = 16,

    /// <summary><c>local1</c>.</summary>
    Local1 = 17,

    /// <summary><c>local2</c>.</summary>
    Local2 = 18,

    /// <summary><c>local3</c>.</summary>
    Local3 = 19,

    /// <summary><c>local4</c>.</summary>
    Local4 = 20,

    /// <summary><c>local5</c>.</summary>
    Local5 = 21,

    /// <summary><c>local6</c>.</summary>
    Local6 = 22,

    /// <summary><c>local7</c>.</summary>
    Local7 = 23,
}
