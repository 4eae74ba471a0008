BeforeDiscovery {
    $parts = @(
        @{ Part = 'a synopsis of its own'; Test = { $_.Synopsis -and $_.Synopsis -notlike '*`[<CommonParameters>`]*' } }
        @{ Part = 'a description that says more than the synopsis'; Test = { $_.description.Text -and "$($_.description.Text)".Trim() -ne $_.Synopsis } }
        @{ Part = 'input types'; Test = { $_.inputTypes.inputType.type.name } }
        @{ Part = 'output types'; Test = { $_.returnValues.returnValue.type.name } }
        @{ Part = 'notes'; Test = { $_.alertSet.alert.Text } }
        @{ Part = 'two examples or more, each with a title, code and a remark'
            Test = { @($_.examples.example).Where{ $_.title -match ': \S' -and $_.code -and "$($_.remarks.Text)".Trim() }.Count -ge 2 }
        }
        @{ Part = 'links to other help'; Test = { @($_.relatedLinks.navigationLink).Count -ge 2 } }
    )
}

BeforeAll {
    Import-Module $PSScriptRoot/../../../TwistedPS.psd1 -Force
    $root = (Get-Item $PSScriptRoot/../../..).FullName
    $online = 'https://github.com/twistedps/twistedps/blob/main/'
    $commands = Get-Command -Module TwistedPS
    $help = @{}
    $commands | ForEach-Object { $help[$_.Name] = Get-Help $_.Name }
    $common = [Management.Automation.Cmdlet]::CommonParameters

    function Get-ParameterHelp ([string] $Name) {
        $help[$Name].parameters.parameter | Where-Object { $_ }
    }
}

Describe 'The help of every cmdlet' {
    It 'has <Part>' -ForEach $parts {
        $help.Keys.Where{ -not ($help[$_] | Where-Object $Test) } | Sort-Object | Should -BeNullOrEmpty
    }

    It 'has a text for each parameter, and no parameter else' {
        foreach ($command in $commands) {
            $described = Get-ParameterHelp $command.Name | Where-Object { "$($_.description.Text)".Trim() }
            $described.name | Sort-Object | Should -Be ($command.Parameters.Keys | Where-Object { $_ -notin $common } | Sort-Object) -Because $command.Name
        }
    }

    It 'shows the syntax of each parameter set as PowerShell binds it' {
        foreach ($command in $commands) {
            $sets = foreach ($set in $command.ParameterSets) {
                $uses = $set.Parameters.Where{ $_.Name -notin $common }.ForEach{ "$($_.Name) $($_.IsMandatory) $($_.Position -lt 0 ? 'named' : $_.Position)" }
                ($uses | Sort-Object) -join ', '
            }
            $shown = foreach ($syntax in $help[$command.Name].syntax.syntaxItem) {
                $uses = @($syntax.parameter).Where{ $_ }.ForEach{ "$($_.name) $($_.required) $($_.position)" }
                ($uses | Sort-Object) -join ', '
            }
            $shown | Sort-Object | Should -Be ($sets | Sort-Object) -Because $command.Name
        }
    }

    It 'shows the numbers and times that are the defaults' {
        foreach ($command in $commands) {
            $new = [Activator]::CreateInstance($command.ImplementingType)
            foreach ($parameter in Get-ParameterHelp $command.Name | Where-Object { $_.required -ne 'true' -and $new.($_.name) }) {
                $value = $new.($parameter.name)
                $text = switch ($value) { { $_ -is [int] } { "$value" } { $_ -is [timespan] } { "$($value.TotalSeconds) s" } }
                if ($text) {
                    $parameter.defaultValue | Should -Be $text -Because "$($command.Name) -$($parameter.name)"
                }
            }
        }
    }

    It 'shows aliases, values and what may be piped' {
        $start = Get-ParameterHelp Connect-LineClient
        $start.Where{ $_.name -eq 'ComputerName' }.aliases | Should -Be 'Endpoint'
        $start.Where{ $_.name -eq 'Client' }.pipelineInput | Should -Be 'True (ByValue)'
        $start.Where{ $_.name -eq 'LogLevel' }.possibleValues.possibleValue.value | Should -Be ([Enum]::GetNames([TwistedPS.LogLevel]))
        (Get-ParameterHelp Get-LineServer).Where{ $_.name -eq 'Name' }.globbing | Should -Be 'true'
    }

    It 'says the unit of times, and the range of numbers' {
        foreach ($command in $commands) {
            foreach ($parameter in Get-ParameterHelp $command.Name) {
                $attributes = $command.Parameters["$($parameter.name)"].Attributes
                $text = "$($parameter.description.Text)"
                if ($attributes.Where{ $_ -is [TwistedPS.Parameters.TimeoutTransformationAttribute] }) {
                    $text | Should -BeLike '*number of seconds*' -Because "$($command.Name) -$($parameter.name)"
                }
                foreach ($range in $attributes.Where{ $_ -is [ValidateRange] }) {
                    $text | Should -BeLike ($range.MaxRange -eq [int]::MaxValue ? "*At least $($range.MinRange).*" : "*From $($range.MinRange) to $($range.MaxRange).*") `
                        -Because "$($command.Name) -$($parameter.name)"
                }
            }
        }
    }

    It 'is found online at its page' {
        foreach ($command in $commands) {
            $command.HelpUri | Should -BeExactly "${online}docs/cmdlets/$($command.Name).md"
            @($help[$command.Name].relatedLinks.navigationLink)[0].uri | Should -Be $command.HelpUri
        }
    }

    It 'links to what there is' {
        $links = $help.Values.relatedLinks.navigationLink | ForEach-Object { "$($_.linkText) $($_.uri)".Trim() } | Sort-Object -Unique
        $links | Where-Object {
            $name, $uri = $_ -split ' (?=https:)'
            if ($uri -like "$online*") { -not (Test-Path ($uri.Replace($online, "$root/") -replace '#.*')) }
            else { -not $uri -and $name -notin $commands.Name -and -not (Test-Path "$root/en-US/$name.help.txt") }
        } | Should -BeNullOrEmpty
    }
}

Describe 'A page of a cmdlet' {
    It 'is of one that there is, and has the sections of a page' {
        foreach ($page in Get-ChildItem $root/docs/cmdlets) {
            $page.BaseName | Should -BeIn $commands.Name
            $lines = [IO.File]::ReadAllLines($page)
            @($lines[0]) + ($lines -match '^## ') |
                Should -Be "# $($page.BaseName)", '## Notes', '## Examples', '## Related links' -Because $page.Name
        }
    }
}
