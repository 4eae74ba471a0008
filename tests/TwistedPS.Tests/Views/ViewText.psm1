# What a person sees of objects.

function Get-ViewText {
    <# The lines of a view in a window of some width, without those that are empty, colors and spaces at the ends. #>
    [OutputType([string[]])]
    param([Parameter(Mandatory)] [AllowNull()] [object[]] $InputObject, [int] $Width = 80, [switch] $AsList)
    $text = $AsList ? ($InputObject | Format-List | Out-String -Width $Width) : ($InputObject | Out-String -Width $Width)
    @(($text -replace "`e\[[\d;]*m").Split("`n").ForEach{ $_.TrimEnd() }.Where{ $_ })
}

Export-ModuleMember -Function *
