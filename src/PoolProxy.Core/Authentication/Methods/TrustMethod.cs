namespace PoolProxy.Core.Authentication.Methods;

/// <summary>auth_type = "trust": nothing is proven; the user must be known all the same, as in PgBouncer.</summary>
internal sealed class TrustMethod(UserDirectory users) : ILoginMethod
{
    public string Name => "trust";

    public bool NeedsSecret => false;

    public ValueTask<LoginResult> RunAsync(LoginExchange exchange) => ValueTask.FromResult(
        users.Knows(exchange) ? UserLogin.Granted(users, exchange) : LoginResult.Refused(exchange.Refusal, "unknown_user"));
}
