<?xml version="1.0" encoding="UTF-8"?>
<!--
  Gives every concrete rule and every assertion of an expanded schematron an id of its own (r1, r2…, a1, a2… in document order), so that
  a report of the compiled stylesheet says which assertion of which rule it speaks of. Abstract rules keep theirs: they are called by it.
-->
<xsl:stylesheet version="2.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:iso="http://purl.oclc.org/dsdl/schematron">
  <xsl:template match="@* | node()">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="iso:rule[not(@abstract = 'true')]">
    <xsl:copy>
      <xsl:copy-of select="@*"/>
      <xsl:attribute name="id">
        <xsl:text>r</xsl:text>
        <xsl:number level="any" count="iso:rule[not(@abstract = 'true')]"/>
      </xsl:attribute>
      <xsl:apply-templates select="node()"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="iso:assert | iso:report">
    <xsl:copy>
      <xsl:copy-of select="@*"/>
      <xsl:attribute name="id">
        <xsl:text>a</xsl:text>
        <xsl:number level="any" count="iso:assert | iso:report"/>
      </xsl:attribute>
      <xsl:apply-templates select="node()"/>
    </xsl:copy>
  </xsl:template>
</xsl:stylesheet>
