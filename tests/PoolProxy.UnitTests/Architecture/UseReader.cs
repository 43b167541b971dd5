using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace PoolProxy.UnitTests.Architecture;

/// <summary>
/// Reads every <see cref="Use"/> out of a compiled assembly: base types, interfaces, constraints, attributes, fields, signatures, locals,
/// caught exceptions and the instructions of every method body. A reference that was compiled away (a constant, nameof) leaves none.
/// </summary>
internal sealed class UseReader
{
    private readonly MetadataReader _metadata;
    private readonly PEReader _image;
    private readonly HashSet<Use> _uses = [];
    private readonly TypeCollector _collector;
    private string _from = "";
    private string _where = "";

    private UseReader(PEReader image)
    {
        _image = image;
        _metadata = image.GetMetadataReader();
        _collector = new TypeCollector(handle => AddType(handle, null));
    }

    /// <summary>All uses in the assembly file. What the compiler made without a place in anybody's type is left out: it has no namespace of ours.</summary>
    public static IReadOnlyCollection<Use> Read(string assemblyFile)
    {
        using var stream = File.OpenRead(assemblyFile);
        using var image = new PEReader(stream);
        var reader = new UseReader(image);
        foreach (var handle in reader._metadata.TypeDefinitions)
            reader.ReadType(handle);
        return reader._uses;
    }

    /// <summary>The names of the assemblies that the file refers to.</summary>
    public static IReadOnlyList<string> ReadReferences(string assemblyFile)
    {
        using var stream = File.OpenRead(assemblyFile);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }

    private void ReadType(TypeDefinitionHandle handle)
    {
        _from = OutermostName(handle);
        if (!_from.StartsWith("PoolProxy.", StringComparison.Ordinal))
            return;
        var type = _metadata.GetTypeDefinition(handle);
        _where = "type";
        if (!type.BaseType.IsNil)
            AddType(type.BaseType, null);
        foreach (var implementation in type.GetInterfaceImplementations())
            AddType(_metadata.GetInterfaceImplementation(implementation).Interface, null);
        ReadConstraints(type.GetGenericParameters());
        ReadAttributes(type.GetCustomAttributes());
        foreach (var field in type.GetFields())
            ReadField(_metadata.GetFieldDefinition(field));
        foreach (var property in type.GetProperties())
            ReadAttributes(_metadata.GetPropertyDefinition(property).GetCustomAttributes());
        foreach (var method in type.GetMethods())
            ReadMethod(_metadata.GetMethodDefinition(method));
    }

    private void ReadField(FieldDefinition field)
    {
        _where = _metadata.GetString(field.Name);
        field.DecodeSignature(_collector, 0);
        ReadAttributes(field.GetCustomAttributes());
    }

    private void ReadMethod(MethodDefinition method)
    {
        _where = _metadata.GetString(method.Name);
        method.DecodeSignature(_collector, 0);
        ReadConstraints(method.GetGenericParameters());
        ReadAttributes(method.GetCustomAttributes());
        if (method.RelativeVirtualAddress == 0)
            return;
        var body = _image.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
            _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_collector, 0);
        foreach (var region in body.ExceptionRegions.Where(region => !region.CatchType.IsNil))
            AddType(region.CatchType, null);
        foreach (var token in IlOperands.Tokens(body.GetILReader()))
            AddToken(token);
    }

    private void ReadConstraints(GenericParameterHandleCollection parameters)
    {
        foreach (var constraint in parameters.SelectMany(handle => _metadata.GetGenericParameter(handle).GetConstraints()))
            AddType(_metadata.GetGenericParameterConstraint(constraint).Type, null);
    }

    private void ReadAttributes(CustomAttributeHandleCollection attributes)
    {
        foreach (var attribute in attributes)
            AddToken(_metadata.GetCustomAttribute(attribute).Constructor);
    }

    private void AddToken(EntityHandle token)
    {
        switch (token.Kind)
        {
            case HandleKind.TypeDefinition or HandleKind.TypeReference or HandleKind.TypeSpecification:
                AddType(token, null);
                break;
            case HandleKind.MethodDefinition:
                var method = _metadata.GetMethodDefinition((MethodDefinitionHandle)token);
                AddType(method.GetDeclaringType(), _metadata.GetString(method.Name));
                method.DecodeSignature(_collector, 0);
                break;
            case HandleKind.FieldDefinition:
                var field = _metadata.GetFieldDefinition((FieldDefinitionHandle)token);
                AddType(field.GetDeclaringType(), _metadata.GetString(field.Name));
                field.DecodeSignature(_collector, 0);
                break;
            case HandleKind.MemberReference:
                AddMember(_metadata.GetMemberReference((MemberReferenceHandle)token));
                break;
            case HandleKind.MethodSpecification:
                var specification = _metadata.GetMethodSpecification((MethodSpecificationHandle)token);
                AddToken(specification.Method);
                specification.DecodeSignature(_collector, 0);
                break;
            case HandleKind.StandaloneSignature:
                _metadata.GetStandaloneSignature((StandaloneSignatureHandle)token).DecodeMethodSignature(_collector, 0);
                break;
            default:
                throw new InvalidOperationException($"a token of kind {token.Kind} in {_from}.{_where}");
        }
    }

    private void AddMember(MemberReference member)
    {
        AddType(member.Parent, _metadata.GetString(member.Name));
        if (member.GetKind() == MemberReferenceKind.Method)
            member.DecodeMethodSignature(_collector, 0);
        else
            member.DecodeFieldSignature(_collector, 0);
    }

    // A member of a generic type has a specification as its parent: the member belongs to the generic type, the arguments are uses of their own.
    private void AddType(EntityHandle handle, string? member)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                _uses.Add(new Use(_from, _where, OutermostName((TypeDefinitionHandle)handle), member));
                break;
            case HandleKind.TypeReference:
                _uses.Add(new Use(_from, _where, OutermostName((TypeReferenceHandle)handle), member));
                break;
            case HandleKind.TypeSpecification:
                AddSpecification((TypeSpecificationHandle)handle, member);
                break;
            case HandleKind.MethodDefinition:
                // The parent of a call with variable arguments.
                AddType(_metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType(), member);
                break;
            case HandleKind.ModuleReference:
                break;
            default:
                throw new InvalidOperationException($"a type of kind {handle.Kind} in {_from}.{_where}");
        }
    }

    private void AddSpecification(TypeSpecificationHandle handle, string? member)
    {
        // The generic type itself comes first in its signature.
        var isFirst = member is not null;
        _metadata.GetTypeSpecification(handle).DecodeSignature(
            new TypeCollector(found =>
            {
                AddType(found, isFirst ? member : null);
                isFirst = false;
            }),
            0);
    }

    private string OutermostName(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        for (var outer = type.GetDeclaringType(); !outer.IsNil; outer = type.GetDeclaringType())
            type = _metadata.GetTypeDefinition(outer);
        return FullName(type.Namespace, type.Name);
    }

    private string OutermostName(TypeReferenceHandle handle)
    {
        var type = _metadata.GetTypeReference(handle);
        while (type.ResolutionScope.Kind == HandleKind.TypeReference)
            type = _metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope);
        return FullName(type.Namespace, type.Name);
    }

    // List`1 becomes List: rules name types as people do.
    private string FullName(StringHandle space, StringHandle name)
    {
        var plain = _metadata.GetString(name).Split('`')[0];
        return space.IsNil ? plain : $"{_metadata.GetString(space)}.{plain}";
    }
}
