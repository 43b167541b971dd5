namespace PoolProxy.Core.Authentication.Methods;

/// <summary>auth_type = "any": nothing is proven and any name will do; the database's own user is used upstream.</summary>
internal sealed class AnyMethod(UserDirectory users) : ILoginMethod
{
    public string Name => "any";

    public bool AsksUsers => false;

    public ValueTask<LoginResult> RunAsync(LoginExchange exchange) => ValueTask.FromResult(UserLogin.Granted(users, exchange));
}
